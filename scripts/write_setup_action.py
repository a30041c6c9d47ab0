#!/usr/bin/env python3
"""Writes setup/action.yml from action.yml: the same inputs and outputs, without Docker."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

HEAD = """\
# Written by scripts/write_setup_action.py from action.yml: the same action for runners without Docker. It installs the
# release's binary and runs it with the same inputs.
name: cstore-action without Docker
description: Versioned application configuration in your own S3 bucket, on any runner
author: The cstore-action authors
branding:
  icon: package
  color: blue

"""

RUNS = """\
runs:
  using: composite
  steps:
    - name: Install cstore-action
      shell: bash
      run: bash "$GITHUB_ACTION_PATH/install"
    # The program is started in a shell's place: a shell may drop variables whose names have a hyphen. It does not look
    # at the script.
    - name: Run cstore-action
      id: run
      shell: cstore-action {0}
      run: "# All inputs are in the environment."
      env:
"""


def section(text, name):
    """A section of action.yml, and the names that it declares."""
    found = re.search(rf"^{name}:\n(?:(?: .*)?\n)+?(?=\S|\Z)", text, re.MULTILINE)[0].rstrip("\n") + "\n"
    return found, re.findall(r"^  ([a-z-]+):$", found, re.MULTILINE)


def main():
    text = (ROOT / "action.yml").read_text()
    inputs, input_names = section(text, "inputs")
    outputs, output_names = section(text, "outputs")
    for name in output_names:
        outputs = re.sub(
            rf"(^  {name}:\n    description: .*\n)",
            rf"\1    value: ${{{{ steps.run.outputs.{name} }}}}\n",
            outputs,
            flags=re.MULTILINE,
        )
    note = "# A composite action has no outputs but these: the keys of the pulled files are in config-json.\n"
    variables = "".join(f"        INPUT_{name.upper()}: ${{{{ inputs.{name} }}}}\n" for name in input_names)
    (ROOT / "setup/action.yml").write_text(HEAD + inputs + "\n" + note + outputs + "\n" + RUNS + variables)


if __name__ == "__main__":
    main()
