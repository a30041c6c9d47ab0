"""Copies objects with boto3 as its documentation shows it: one client, `download_file` or `upload_file` for each file, in
threads. Usage: boto3_copy.py pull|push ENDPOINT BUCKET PREFIX FOLDER THREADS"""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
from botocore.config import Config


def main():
    operation, endpoint, bucket, prefix, folder, threads = sys.argv[1:]
    folder, threads = Path(folder), int(threads)
    client = boto3.client("s3", endpoint_url=endpoint, config=Config(max_pool_connections=threads))

    def pull(key):
        place = folder / key.removeprefix(prefix)
        place.parent.mkdir(parents=True, exist_ok=True)
        client.download_file(bucket, key, str(place))

    def push(place):
        client.upload_file(str(place), bucket, prefix + place.relative_to(folder).as_posix())

    if operation == "pull":
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        copy, things = pull, [found["Key"] for page in pages for found in page.get("Contents", [])]
    else:
        copy, things = push, [place for place in folder.rglob("*") if place.is_file()]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(copy, things))


if __name__ == "__main__":
    main()
