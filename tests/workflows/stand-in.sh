#!/bin/sh
# Stands in for a program that a deploy calls: writes down how it was called, its environment, and the files that it was given.
name=$(basename "$0")
called=${CALLED:-/called}
{
    echo "$name $*"
    env
} >> "$called/$name"
for word; do
    file=${word#file://}
    if [ -f "$file" ]; then tee -a "$called/$name" < "$file" > "$called/$(basename "$file")"; fi
done
if [ "$2" = register-task-definition ]; then echo arn:aws:ecs:eu-central-1:111122223333:task-definition/shop:42; fi
