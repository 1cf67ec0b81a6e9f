"""Runs the shared scorers and compares their last lines with the thresholds below.

  python3 .ci/scores.py BIN SHARED"""
import re
import subprocess
import sys

# What must be reached on the development corpus.
LEAST = {"content_recall": 0.97, "content_precision": 0.98, "presence_f1": 0.96, "span": 0.95}
MOST = {"clean_error_rate": 0.005, "legal_errors": 0}


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
    line = last_line([sys.executable, f"{shared}/harness/check_conformance.py", binary])
    passed, of, samples = line.removeprefix("conformance: ").partition(" of ")
    if not of or passed != samples:
        failed.append(line or "no conformance result")
    for why in failed:
        print(f"FAILED: {why}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
