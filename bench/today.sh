#!/usr/bin/env bash
# What workflows do without this project: three steps, of which GitHub's runner would start each by itself.
# Usage: today.sh CONFIGURE_AWS_CREDENTIALS AWS ENDPOINT SOURCE FOLDER
set -euo pipefail
configure=$1 aws=$2 endpoint=$3 source=$4 folder=$5

# - uses: aws-actions/configure-aws-credentials
node "$configure"
# The runner hands what a step put there to those after it.
while IFS= read -r line; do
    if [[ $line == *"<<"* ]]; then
        name=${line%%<<*} end=${line#*<<} value=
        while IFS= read -r line && [ "$line" != "$end" ]; do value+=$line; done
        export "$name=$value"
    fi
done <"$GITHUB_ENV"

# - run: aws s3 cp
"$aws" --endpoint-url "$endpoint" s3 cp --only-show-errors --recursive "$source" "$folder"

# - run: values into the environment, masked
for file in "$folder"/*/*.env; do
    while IFS='=' read -r name value; do
        echo "::add-mask::$value"
        echo "$name=$value" >>"$GITHUB_ENV"
    done <"$file"
done
