# METADATA
# title: Mirror configuration that the operator wrote and nodes do not have
# description: >-
#   What the Machine Config Operator makes of mirror sets gets onto the nodes of a pool one after the other, as a part of all that is for that pool. A pool that is
#   paused gets nothing; one that is degraded gets no further until somebody mends what stops it. Until then its nodes pull by the mirrors that they had before.
# custom:
#   level: error
#   fix: >-
#     Mend what the pool says of itself (`oc describe machineconfigpool`), or set `paused: false`.
#   versions: all, of a running cluster or a copy of its objects; a warning while the pool is paused, an info while its nodes are being updated
#   situations: [nothing-applied, upgrade-stuck]
#   facts: [pools]
package mirrorproof.rules.mirrors_not_on_nodes

findings contains {"level": state.level, "message": message, "at": pool.rollout.at} if {
	some pool in input.pools
	pool.rollout.state != "done"
	state := states[standing(pool)]
	message := $"the mirrors that the operator wrote are not on the nodes of `{pool.title}` ({pool.rollout.updated} of {pool.rollout.machines} updated): {state.text}{why(pool)}"
}

standing(pool) := "paused" if {
	pool.paused
} else := "degraded" if {
	pool.rollout.degraded
} else := pool.rollout.state

states := {
	"paused": {"level": "warning", "text": "it is paused"},
	"degraded": {"level": "error", "text": "it is degraded"},
	"rendering": {"level": "info", "text": "the operator is yet to put them together with the other MachineConfigs of the pool"},
	"rolling": {"level": "info", "text": "they are being updated"},
}

why(pool) := $" ({pool.rollout.degraded})" if {
	pool.rollout.degraded
} else := ""
