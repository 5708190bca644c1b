# METADATA
# title: Blocked registry that the operator passes over
# description: >-
#   The Machine Config Operator does not block the registry of the release image unless the release image has a digest mirror outside of the blocked
#   registries. It drops the whole entry of `blockedRegistries`: the registry stays open, and only the log of the machine-config-controller says so. Where
#   there is such a mirror the entry counts, and nodes then reject the other images of the release, even from their mirrors.
# related_resources:
# - description: What the operator does with Image/cluster
#   ref: https://github.com/openshift/machine-config-operator/blob/main/pkg/controller/container-runtime-config/helpers.go
# custom:
#   level: error
#   fix: >-
#     Block the namespaces that you mean, without those of the release, instead of the whole registry. To keep nodes from contacting the release
#     repositories, set `mirrorSourcePolicy: NeverContactSource` in their mirror sets: what is blocked is rejected even from a mirror.
#   versions: all (before 4.11 whatever mirrors there are); a warning where no object names the release image
#   situations: [from-the-internet]
#   logs:
#   - 'error adding … to blocked registries, cannot block the repository being used by the payload'
#   facts: [scopes]
#   absent: [ClusterVersion, ImageContentSourcePolicy, ImageDigestMirrorSet]
package mirrorproof.rules.blocked_registry_ignored

findings contains {"level": level, "message": message, "at": scope.at} if {
	some scope in input.scopes
	scope.ignored
	level := {true: "warning", false: "error"}[input.cluster.release.assumed]
	message := $"`{scope.value}` is not blocked at all: the operator finds no mirror of the release image, `{input.cluster.release.repository}`, outside of the blocked registries{assumed}"
}

default assumed := ""

assumed := " (unless the release image is called by the name of a mirror)" if input.cluster.release.assumed
