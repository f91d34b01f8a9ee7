# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this doc fragment is **PRIVATE** to the collection. It can have breaking changes at any time.


class ModuleDocFragment:
    """The options of the connection to OCP, for all modules that talk to it."""

    DOCUMENTATION = r"""
requirements:
  - requests
options:
  ocp_url:
    description:
      - The URL of OCP. It may contain a path, for example behind a reverse proxy.
      - Over plain C(http), the password of O(ocp_username) is not encrypted; with C(-v), a warning is shown.
      - The connection honors the environment variables E(http_proxy), E(https_proxy), E(all_proxy) and E(no_proxy). Add
        OCP's host to E(no_proxy) to connect to it directly.
      - If it is not set, the environment variable E(OCP_URL) is used. One of the two is required.
      - Empty environment variables count as not set. This applies to all environment variables of this module.
    type: str
  ocp_username:
    description:
      - The user to log in to OCP with, by HTTP Basic authentication.
      - If it is not set, the environment variable E(OCP_USERNAME) is used.
      - Either a user name with its password or an access key with its secret is required. Options take precedence over
        environment variables. If both ways to log in are set by options, or both by environment variables, the module
        fails.
    type: str
  ocp_password:
    description:
      - The password of O(ocp_username).
      - If it is not set, the environment variable E(OCP_PASSWORD) is used.
    type: str
  ocp_access_key_id:
    description:
      - The id of an access key (AK) to sign requests with. OCP supports access keys since about V4.0.3.
      - If it is not set, the environment variable E(OCP_ACCESS_KEY_ID) is used.
    type: str
  ocp_access_key_secret:
    description:
      - The secret (SK) of O(ocp_access_key_id). The clocks of OCP and of the host where the task runs must differ by
        less than 15 minutes.
      - If it is not set, the environment variable E(OCP_ACCESS_KEY_SECRET) is used.
    type: str
  validate_certs:
    description:
      - Whether OCP's TLS certificate must be valid.
      - If it is not set, the environment variable E(OCP_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - A file or directory of CA certificates to verify OCP's certificate with.
      - If it is not set, the environment variable E(OCP_CA_PATH) is used, and then E(REQUESTS_CA_BUNDLE).
    type: path
  client_cert:
    description:
      - A PEM file with a client certificate. It must also contain the key unless O(client_key) is set.
    type: path
  client_key:
    description:
      - A PEM file with the key of O(client_cert).
    type: path
  request_timeout:
    description:
      - How long one request may take until its answer is complete, in seconds.
      - If it is not set, the environment variable E(OCP_REQUEST_TIMEOUT) is used.
    type: int
    default: 30
"""
