"""Prints a new RSA key as PKCS #8 in base64. ring, which signs with it, makes none."""

import base64

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
print(base64.b64encode(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())).decode())
