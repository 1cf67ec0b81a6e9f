#!/usr/bin/env python3
"""Writes rows for `dunlint render --data`: benches/rows.py 1000000 > rows.csv

The same rows at every run. Names, days and figures vary, parts make their total; with --bad every thousandth row has a
mistake, and every tenth thousandth a threat in its name."""
import random
import sys

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉力玲玉萍红健春梅鑫慧婷雪建国志华宇浩然子涵欣怡梓轩一诺思远嘉豪俊熙雨桐晓东海燕立新永福德胜小龙世光天佑"


def money(fen):
    return "%d.%02d" % (fen // 100, fen % 100)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 1_000_000
    bad = "--bad" in sys.argv
    draw = random.Random(20260601)
    out = sys.stdout
    out.write("name,principal,interest,penalty,total,days,due_date,phone\n")
    for row in range(1, count + 1):
        name = draw.choice(SURNAMES) + "".join(draw.choice(GIVEN) for _ in range(draw.randint(1, 2)))
        principal, interest, penalty = draw.randint(10_000, 5_000_000), draw.randint(0, 90_000), draw.randint(0, 9_000)
        total = principal + interest + penalty
        if bad and row % 1000 == 0:
            total += 1
        if bad and row % 10_000 == 0:
            name = "今日不还上门催收"
        days = draw.randint(1, 60)
        due = "2026-%02d-%02d" % (draw.randint(1, 5), draw.randint(1, 28))
        cells = [name, money(principal), money(interest), money(penalty), money(total), str(days), due, "400-000-0000"]
        out.write(",".join(cells) + "\n")


if __name__ == "__main__":
    main()
