# METADATA
# title: Paused pool of nodes
# description: >-
#   Nodes of a paused MachineConfigPool get no configuration at all: no change of any mirror set reaches them, and an upgrade of the cluster leaves them as they
#   are.
# custom:
#   level: info
#   fix: >-
#     Set `paused: false` once the reason is gone.
#   versions: all
#   situations: [nothing-applied, upgrade-stuck]
#   facts: [pools]
package mirrorproof.rules.paused_pool

import data.mirrorproof.lib

findings contains {"level": "info", "message": message, "at": paused[0].at, "related": related} if {
	count(lib.active_sets) > 0
	paused := [pool | some pool in input.pools; pool.paused]
	count(paused) > 0
	message := $"{lib.quoted([pool.title | some pool in paused])} {lib.be(count(paused))} paused: no change of a mirror set reaches {whose(count(paused))} nodes"
	related := [{"at": pool.at, "message": "this one too"} | some index, pool in paused; index > 0]
}

whose(1) := "its"

whose(number) := "their" if number > 1
