#!/bin/sh
# What people run without this project in place of `cstore exec`: the files are copied, and a shell reads them.
# Usage: aws_and_shell.sh AWS ENDPOINT SOURCE FOLDER COMMAND...
set -eu
aws=$1 endpoint=$2 source=$3 folder=$4
shift 4

"$aws" --endpoint-url "$endpoint" s3 cp --only-show-errors --recursive "$source" "$folder"
set -a
for file in "$folder"/*/*.env; do
    # shellcheck disable=SC1090 # they are what was copied
    . "$file"
done
exec "$@"
