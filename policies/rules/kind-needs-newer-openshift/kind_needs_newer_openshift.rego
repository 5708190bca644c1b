# METADATA
# title: Kind that this OpenShift version does not have
# description: >-
#   ImageDigestMirrorSet and ImageTagMirrorSet exist since OpenShift 4.13. An older API server has no such kind: the object cannot be applied, and a
#   GitOps sync fails.
# custom:
#   level: error
#   fix: >-
#     Use an ImageContentSourcePolicy until the cluster runs 4.13, and migrate then. It serves pulls by digest only; before 4.13 nothing mirrors pulls by tag.
#   versions: 4.12 and earlier
#   situations: [ignored]
#   logs:
#   - 'no matches for kind "ImageDigestMirrorSet" in version "config.openshift.io/v1"'
#   facts: [mirrorSets]
package mirrorproof.rules.kind_needs_newer_openshift

import data.mirrorproof.lib

findings contains {"level": "error", "message": message, "at": set.at} if {
	lib.before([4, 13])
	some set in input.mirrorSets
	set.kind != "ImageContentSourcePolicy"
	not set.madeOf
	message := $"`{set.title}` needs OpenShift 4.13 or later, and the cluster is older"
}
