# METADATA
# title: Source or mirror that names no registry
# description: >-
#   The first part of a location is a registry only where it has a dot or a port, or is localhost; else nodes take it for an organisation on Docker Hub.
#   Such a source matches no image; such a mirror makes every pull of its source fail with `rewriting reference: repository name must be canonical`, and
#   no other location is tried.
# related_resources:
# - description: Choosing a registry table, containers-registries.conf(5)
#   ref: https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
# custom:
#   level: error
#   fix: >-
#     Write the host of the registry in front, with its domain or port.
#   versions: all; a warning for a source while the cluster is connected
#   situations: [pull-fails, from-the-internet]
#   logs:
#   - 'rewriting reference: repository name must be canonical'
#   facts: [entries]
package mirrorproof.rules.location_without_registry

findings contains {"level": level, "message": message, "at": entry.source.at} if {
	some entry in input.entries
	entry.effective
	entry.source.mismatch == "no-registry"
	level := {true: "error", false: "warning"}[input.cluster.disconnected]
	message := $"source `{entry.source.value}` names no registry, so it matches no image and its mirrors are never used"
}

# A source that matches nothing has no pulls that could fail.
findings contains {"level": "error", "message": message, "at": mirror.at} if {
	some entry in input.entries
	entry.effective
	not entry.source.mismatch
	some mirror in entry.mirrors
	mirror.mismatch
	message := $"mirror `{mirror.value}` names no registry, so every pull of `{entry.source.value}` by {input.mirrorSets[entry.set].pull} fails"
}
