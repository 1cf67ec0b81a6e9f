"""Runs the shared scorers and compares their last lines with the thresholds below.

  python3 .ci/scores.py BIN SHARED"""
import re
import subprocess
import sys

# What must be reached on the development corpus.
LEAST = {"content_recall": 0.90, "content_precision": 0.93, "presence_f1": 0.90, "span": 0.90}
MOST = {"clean_error_rate": 0.02, "legal_errors": 0}

# Conformance samples whose host and dialect are built in. The others need hosts or dialects to come.
SAMPLES = """01-aliyun-notice 02-frontmatter 03-tencent-set 04-huawei 05-volcengine-apply 06-jdcloud 07-yunpian
08-chuanglan 10-submail 12-twilio-content 13-vonage 14-pinpoint 15-whatsapp 16-dlt 17-braze 18-handlebars 19-mustache
20-jinja 21-freemarker 22-velocity 24-icu 27-pyformat 28-gotemplate 33-catalog 36-ambiguous-currency 37-ambiguous-zero 38-names 39-signatures 40-bom-crlf 41-lengths 42-broken-dollar 43-broken-blocks
46-gb18030""".split()


def last_line(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    print(done.stdout.rstrip())
    return done.stdout.rstrip().splitlines()[-1] if done.stdout.strip() else ""


def main():
    binary, shared = sys.argv[1:3]
    failed = []
    line = last_line([sys.executable, f"{shared}/harness/score.py", binary, f"{shared}/corpus/dev.jsonl"])
    figures = {name: float(value) for name, value in re.findall(r"(\w+)=([0-9.]+)", line)}
    for name, least in LEAST.items():
        if figures.get(name, 0.0) < least:
            failed.append(f"{name} is {figures.get(name)}, at least {least} is asked")
    for name, most in MOST.items():
        if figures.get(name, 1e9) > most:
            failed.append(f"{name} is {figures.get(name)}, at most {most} is asked")
    only = [argument for sample in SAMPLES for argument in ("--only", sample)]
    line = last_line([sys.executable, f"{shared}/harness/check_conformance.py", binary, *only])
    if line != f"conformance: {len(SAMPLES)} of {len(SAMPLES)}":
        failed.append(line or "no conformance result")
    for why in failed:
        print(f"FAILED: {why}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
