"""Cuts GitHub's description of its REST API down to what this tool asks for, and to what a JSON Schema validator takes.

    npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-23.0.2.tgz
    python3 cut.py package/generated/api.github.com.json description.json

What OpenAPI 3.0 calls `nullable` becomes a type beside `null`. Texts for people are left out, and all examples but the
first of each answer.
"""

import json
import sys

WANTED = """
/repos/{owner}/{repo} get
/repos/{owner}/{repo}/dispatches post
/repos/{owner}/{repo}/issues/comments/{comment_id} get patch delete
/repos/{owner}/{repo}/issues/{issue_number}/comments get post
/repos/{owner}/{repo}/git/ref/{ref} get
/repos/{owner}/{repo}/git/tags/{tag_sha} get
/repos/{owner}/{repo}/pulls get
/repos/{owner}/{repo}/releases get
/repos/{owner}/{repo}/releases/assets/{asset_id} delete
/repos/{owner}/{repo}/releases/tags/{tag} get
/repos/{owner}/{repo}/releases/{release_id} get patch
/repos/{owner}/{repo}/releases/{release_id}/assets post
/user get
"""
FOR_PEOPLE = {"description", "summary", "externalDocs", "x-github", "title", "deprecated", "example", "operationId"}


def schema(value):
    """The same as JSON Schema, whose `null` is a type."""
    if isinstance(value, list):
        return [schema(item) for item in value]
    if not isinstance(value, dict):
        return value
    made = {}
    for key, item in value.items():
        if key == "properties":
            made[key] = {name: schema(property) for name, property in item.items()}
        elif key not in FOR_PEOPLE | {"nullable", "examples", "format"}:
            made[key] = schema(item)
    if value.get("nullable"):
        if "enum" in made and None not in made["enum"]:
            made["enum"].append(None)
        made = {**made, "type": [made["type"], "null"]} if "type" in made else {"anyOf": [made, {"type": "null"}]}
    return made


def main():
    source, target = sys.argv[1:]
    with open(source, encoding="utf-8") as file:
        whole = json.load(file)

    def found(value):
        while isinstance(value, dict) and "$ref" in value:
            name, at = value["$ref"], whole
            for part in name[2:].split("/"):
                at = at[part]
            value = at
        return value

    paths = {}
    for line in WANTED.split("\n"):
        if not line:
            continue
        path, *methods = line.split()
        paths[path] = {}
        for method in methods:
            operation = whole["paths"][path][method]
            parameters = [found(parameter) for parameter in operation.get("parameters", [])]
            cut = {
                "parameters": [
                    {"name": p["name"], "in": p["in"], "schema": schema(p["schema"])}
                    for p in parameters
                    if p["in"] != "path"
                ],
                "responses": {},
            }
            bodies = found(operation.get("requestBody", {})).get("content", {})
            if "application/json" in bodies:
                cut["body"] = schema(bodies["application/json"]["schema"])
            elif "application/octet-stream" in bodies:
                cut["file"] = True
            for code, answer in operation["responses"].items():
                content = found(answer).get("content", {}).get("application/json", {})
                cut["responses"][code] = {}
                if "schema" in content and code.startswith("2"):
                    cut["responses"][code]["schema"] = schema(content["schema"])
                    examples = [found(example) for example in content.get("examples", {}).values()]
                    cut["responses"][code]["example"] = examples[0]["value"] if examples else None
            paths[path][method] = cut

    definitions, todo = {}, [paths]

    def names(value):
        if isinstance(value, dict):
            for key, item in value.items():
                if key == "$ref":
                    yield item
                else:
                    yield from names(item)
        elif isinstance(value, list):
            for item in value:
                yield from names(item)

    while todo:
        for name in set(names(todo.pop())):
            short = name.rsplit("/", 1)[1]
            if short not in definitions:
                definitions[short] = schema(found({"$ref": name}))
                todo.append(definitions[short])
    with open(target, "w", encoding="utf-8") as file:
        json.dump({"paths": paths, "components": {"schemas": definitions}}, file, separators=(",", ":"))
        file.write("\n")


main()
