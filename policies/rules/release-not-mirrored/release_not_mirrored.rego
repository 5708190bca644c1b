# METADATA
# title: Release with a mirror for one of its two repositories only
# description: >-
#   A release is an image of quay.io/openshift-release-dev/ocp-release, and what it is made of comes from quay.io/openshift-release-dev/ocp-v4.0-art-dev.
#   Where only one of the two has mirrors, an installation or upgrade of a disconnected cluster stops half-way. (A release image that is called by the name of
#   its mirror needs no mirror set; what it is made of does.)
# custom:
#   level: error
#   fix: >-
#     Mirror both repositories (`oc mirror` and `oc adm release mirror` print entries for both), and give each an ImageDigestMirrorSet entry.
#   versions: >-
#     all, in disconnected clusters; a warning where ocp-release lacks the mirror and no object names the release image, and where some configuration could
#     not be read
#   situations: [upgrade-stuck, install]
#   facts: [release]
#   absent: [ImageContentSourcePolicy, ImageDigestMirrorSet]
package mirrorproof.rules.release_not_mirrored

import data.mirrorproof.lib

findings contains {"level": level, "message": message, "at": at} if {
	input.cluster.disconnected
	some lacking in input.release
	bare(lacking)
	some mirrored in input.release
	mirrored.mirrored
	at := lib.first_entry(input.sources[mirrored.source], "digest").source.at
	condition := unless(lacking)
	level := {true: "error", false: "warning"}[condition == ""]
	message := $"`{mirrored.repository}` has a mirror for pulls by digest and `{lacking.repository}` has none: a release needs both{condition}"
}

# That its mirrors are blocked, or hidden by a source for tags, say other rules.
bare(repository) if {
	not repository.mirrored
	not has_digest_mirrors(repository)
	not hidden(repository)
}

has_digest_mirrors(repository) if input.sources[repository.source].digest != null

hidden(repository) if repository.source in lib.narrowed.digest

unless(lacking) := " (some mirror configuration could not be read)" if {
	input.cluster.incomplete
} else := " (unless the release image is called by the name of its mirror)" if {
	lacking.repository == input.cluster.release.repository
	input.cluster.release.assumed
} else := ""
