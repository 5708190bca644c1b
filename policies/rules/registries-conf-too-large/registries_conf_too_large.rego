# METADATA
# title: registries.conf that comes near the limit of a MachineConfig
# description: >-
#   registries.conf is part of the rendered MachineConfig of each pool, written in base64, and etcd takes 1,572,864 bytes in all. Beyond that the pool is
#   degraded (`rendered MachineConfig … is too large`, before 4.22 `etcdserver: request is too large`), and nothing reaches its nodes.
# custom:
#   level: warning
#   fix: >-
#     Mirror namespaces instead of single repositories, where the mirrors keep the paths below them.
#   versions: all; an error from the limit on
#   situations: [nothing-applied, upgrade-stuck]
#   logs:
#   - 'rendered MachineConfig … is too large (… bytes, max 1572864 bytes)'
#   - 'etcdserver: request is too large'
#   facts: [mirrorSets]
package mirrorproof.rules.registries_conf_too_large

findings contains {"level": level, "message": message, "at": largest.at} if {
	encoded := ceil((input.cluster.written * 4) / 3)
	encoded > 1258291
	level := {true: "error", false: "warning"}[encoded > 1572864]
	most := max([set.size | some set in input.mirrorSets])
	largest := [set | some set in input.mirrorSets; set.size == most][0]
	message := $"registries.conf is {encoded} bytes of a rendered MachineConfig, which may have 1572864 in all; {largest.title} has most entries"
}
