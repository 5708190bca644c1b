# METADATA
# title: Mirror outside of mirror.corp.example
# description: >-
#   Nodes reach no other registry than mirror.corp.example: the firewall drops what they send elsewhere, and each pull waits for the timeout.
# related_resources:
# - description: The registries of the company
#   ref: https://wiki.corp.example/registries
# custom:
#   level: error
#   fix: Have the image copied to mirror.corp.example, and name the copy.
#   versions: all
package mirrorproof.rules.mirror_outside_corp

import data.mirrorproof.lib

findings contains {"level": "error", "message": message, "at": mirror.at} if {
	some entry in input.entries
	some mirror in entry.mirrors
	not on_corp(mirror.value)
	message := $"mirror `{mirror.value}` in {lib.title_of(entry)} is not on mirror.corp.example"
}

on_corp(location) if regex.match(`^mirror\.corp\.example(:[0-9]+)?(/|$)`, location)
