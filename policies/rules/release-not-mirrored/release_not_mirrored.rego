# METADATA
# title: Release with a mirror for one of its two repositories only
# description: >-
#   A release is an image of quay.io/openshift-release-dev/ocp-release, and what it is made of comes from quay.io/openshift-release-dev/ocp-v4.0-art-dev.
#   Where only one of the two has mirrors, an installation or upgrade of a disconnected cluster stops half-way.
# custom:
#   level: error
#   fix: >-
#     Mirror both repositories (`oc mirror` and `oc adm release mirror` print entries for both), and give each an ImageDigestMirrorSet entry.
#   versions: all, in disconnected clusters
#   situations: [upgrade-stuck, install]
package mirrorproof.rules.release_not_mirrored

findings contains {"level": level, "message": message, "at": at} if {
	input.cluster.disconnected
	some lacking in input.release
	not lacking.mirrored
	some mirrored in input.release
	mirrored.mirrored
	at := input.entries[input.sources[mirrored.source].entries[0]].source.at
	level := {true: "warning", false: "error"}[input.cluster.incomplete]
	message := $"`{mirrored.repository}` has a mirror and `{lacking.repository}` has none: a release needs both"
}
