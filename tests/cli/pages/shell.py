"""The reader's shell: one bash for the whole page."""

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

# What a page can begin with, in a comment: `begin` is a shop whose files are pushed, as the head and as v1.4.2.
# `begin_with_one_file` is one with a single environment, so that nothing has to be chosen.
BEGIN = """begin_with_one_file() {
    aws s3api create-bucket --bucket BUCKET
    aws s3api put-bucket-versioning --bucket BUCKET --versioning-configuration Status=Enabled
    mkdir -p shop/service shop/certs
    cd shop
    git init --quiet
    printf 'LOG_LEVEL=warning\\nDB_HOST=db.shop.internal\\n' >service/.env
    printf 'a certificate\\n' >certs/ca.pem
    printf '#!/bin/sh\\ntest "$LOG_LEVEL" = warning\\n' >server
    chmod +x server
    cp server "$(dirname "$(command -v cstore)")/node"
    cstore init --context shop --bucket BUCKET
    cstore push service/.env certs/ca.pem
    cstore push -v v1.4.2
    git add cstore.yml
    git commit --quiet --message 'Keep the configuration with cstore'
}
begin() {
    aws s3api create-bucket --bucket BUCKET
    aws s3api put-bucket-versioning --bucket BUCKET --versioning-configuration Status=Enabled
    cp -r "$SAMPLE" shop
    cd shop
    git init --quiet
    printf '.env\\n' >.gitignore
    git add .gitignore web
    cstore init --context shop --bucket BUCKET
    cstore push service/.env service/dev/.env service/prod/.env web/config.json
    cstore push -v v1.4.2
    git add cstore.yml
    git commit --quiet --message 'Keep the configuration with cstore'
}"""
END = "--end-of-a-command--"


class Shell:
    def __init__(self, bucket):
        self.process = subprocess.Popen(
            ["bash", "--norc"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.run(BEGIN.replace("BUCKET", bucket))

    def run(self, command):
        """Runs it, and gives what it printed. It must succeed."""
        self.process.stdin.write(f"{{\n{command}\n}} </dev/null\nended=$?\necho\necho {END} $ended\n")
        self.process.stdin.flush()
        printed = []
        for line in self.process.stdout:
            if line.startswith(END):
                text = "".join(printed)
                if line.split()[1] != "0":
                    raise ValueError(f"`{command}` ended with {line.split()[1]}:\n{text}")
                return text
            printed.append(line)
        raise ValueError(f"the shell ended at `{command}`:\n{''.join(printed)}")

    def says(self, command, said):
        """Runs it; each line that the page shows must begin one that is printed, up to an ellipsis."""
        if any("[y/N]" in line or line.startswith("? ") for line in said):
            # Only at a terminal it asks, and shows what it asks about.
            terminal = Path(__file__).with_name("terminal.py")
            command = f"{shlex.quote(sys.executable)} {shlex.quote(str(terminal))} {shlex.quote(command)}"
        printed = self.run(command)
        for line in said:
            beginning = line.split("…")[0].rstrip()
            if not any(shown.startswith(beginning) for shown in printed.splitlines()):
                raise ValueError(f"`{command}` did not print {line!r} but\n{printed}")

    def settings(self):
        """What a page has exported for its workflows."""
        lines = self.run("env").splitlines()
        return dict(line.split("=", 1) for line in lines if line.startswith("PAGE_") and "=" in line)

    def folder(self):
        return Path(self.run("pwd").strip())

    def write(self, path, text):
        file = self.folder() / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def reads_catalog(self, text):
        """Has the catalog read: all of its fields mean something."""
        with tempfile.TemporaryDirectory() as folder:
            catalog = Path(folder, "cstore.yml")
            catalog.write_text(text)
            printed = self.run(f"cstore verify . --catalog {shlex.quote(str(catalog))} 2>&1")
            if "arning" in printed:
                raise ValueError(printed)

    def run_container(self, environment, command):
        """Runs a container's command: in this folder, with an environment of its own beside the credentials."""
        kept = {
            name: value for name, value in os.environ.items() if name.startswith("AWS_") or name in ("PATH", "HOME")
        }
        ran = subprocess.run(
            command,
            check=False,
            cwd=self.folder(),
            env=kept | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if ran.returncode != 0:
            raise ValueError(f"{command} ended with {ran.returncode}:\n{ran.stdout}")

    def close(self):
        self.process.stdin.close()
        self.process.wait()
