# METADATA
# title: Mirror on a host that is named once and differs by a letter or a port
# description: >-
#   One mirror host differs from one that many entries name by a single letter, or by its port alone. Pulls through it end in `no such host` or
#   `connection refused` and go on to the next location.
# custom:
#   level: warning
#   fix: >-
#     Write the host as in the other entries, if it is the same registry.
#   versions: all; an info where only the port differs
#   situations: [pull-fails]
#   logs:
#   - 'dial tcp: lookup … on …: no such host'
#   - 'dial tcp …: connect: connection refused'
#   facts: [hosts]
package mirrorproof.rules.misspelt_mirror_host

import data.mirrorproof.lib

findings contains {"level": level, "message": message, "at": host.at, "edits": edits, "certain": false} if {
	some name, host in input.hosts
	not lib.is_public(name)
	level := {"letter": "warning", "port": "info"}[host.near.by]
	message := $"mirror host `{name}` is named once, and `{host.near.host}` {host.near.count} times: is it the same?"
	edits := [{"op": "replace", "at": mirror.at, "value": concat("", [host.near.host, trim_prefix(mirror.value, name)])} |
		some entry in input.entries
		some mirror in entry.mirrors
		lib.host(mirror.value) == name
	]
}
