"""The parsers that read YAML here, by name. They get bytes, so that none of them sees line ends changed."""

from ruamel.yaml import YAML

import yaml

PARSERS = {
    "pyyaml": lambda data: yaml.load(data, Loader=yaml.SafeLoader),
    "libyaml": lambda data: yaml.load(data, Loader=yaml.CSafeLoader),
    "ruamel": lambda data: YAML(typ="safe", pure=True).load(data),
}


def load(parser, path):
    with open(path, "rb") as file:
        return PARSERS[parser](file.read())
