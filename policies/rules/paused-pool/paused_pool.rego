# METADATA
# title: Paused pool of nodes
# description: >-
#   Nodes of a paused MachineConfigPool get no configuration at all: no change of any mirror set reaches them, their certificates are not renewed, and an
#   upgrade waits for them.
# custom:
#   level: warning
#   fix: >-
#     Set `paused: false` once the reason is gone.
#   versions: all
#   situations: [nothing-applied, upgrade-stuck]
package mirrorproof.rules.paused_pool

findings contains {"level": "warning", "message": message, "at": pool.at} if {
	some pool in input.pools
	pool.paused
	message := $"`{pool.title}` is paused: no mirror change reaches its nodes until it is not"
}
