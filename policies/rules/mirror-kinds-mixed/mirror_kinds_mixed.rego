# METADATA
# title: ICSP beside IDMS or ITMS in a release that forbids it
# description: >-
#   In OpenShift 4.13.0 to 4.13.26 and 4.14.0 to 4.14.2, ImageContentSourcePolicy excludes the two newer kinds: the API server refuses to create one
#   beside the other, and where both exist the Machine Config Operator applies no mirror configuration at all. Later releases merge them.
# related_resources:
# - description: The fix in 4.14.3
#   ref: https://issues.redhat.com/browse/OCPBUGS-22275
# - description: The fix in 4.13.27
#   ref: https://issues.redhat.com/browse/OCPBUGS-23468
# custom:
#   level: error
#   fix: >-
#     Upgrade to 4.13.27 or 4.14.3 before you add the newer kinds. To have them at once, turn the ImageContentSourcePolicy into an ImageDigestMirrorSet with
#     `mirrorproof migrate FILE --write`, and delete it before you apply that: until then, pulls go to the source.
#   versions: 4.13.0-26 and 4.14.0-2; a warning for 4.13 and 4.14 where the patch is not known, an info where no version is known; a warning at most where it is only a guess that they reach the same cluster
#   situations: [nothing-applied, upgrade-stuck]
#   logs:
#   - 'error: both imagecontentsourcepolicy and imagedigestmirrorset exist'
#   - 'can''t create ImageDigestMirrorSet when ImageContentSourcePolicy resources exist'
#   facts: [mirrorSets]
package mirrorproof.rules.mirror_kinds_mixed

import data.mirrorproof.lib

findings contains {"level": level, "message": message, "at": pair[1].at, "related": related} if {
	message := $"`{pair[1].title}` stands beside `{pair[0].title}`: {consequence}{lib.condition(pair)}"
	related := [{"at": set.at, "message": note} |
		some set in older
		note := $"`{set.title}` is of the older kind"
	]
}

sets := [object.union(set, {"set": index}) | some index, set in input.mirrorSets]

older := [set | some set in sets; set.kind == "ImageContentSourcePolicy"]

newer := [set | some set in sets; set.kind != "ImageContentSourcePolicy"; not refused(set)]

# Of the two fields of an install-config the installer takes one: wrong-image-sources-field says so.
refused(set) if {
	set.maker == "installer"
	some other in older
	other.maker == "installer"
	other.at.doc == set.at.doc
}

# Two that surely meet, rather than two that may.
sure := [[icsp, set] | some icsp in older; some set in newer; lib.meet([icsp], [set])]

pair := array.concat(sure, [[older[0], newer[0]]])[0]

level := {true: "error", false: "warning"}[count(sure) > 0] if input.cluster.kindsExclude == "yes"

level := "warning" if {
	input.cluster.kindsExclude == "unknown"
	not lib.version_unknown
}

level := "info" if lib.version_unknown

consequence := $"OpenShift {input.cluster.version.text} allows only one of the two kinds, and the operator applies no mirror configuration at all" if input.cluster.kindsExclude == "yes"

consequence := "OpenShift 4.13.0-26 and 4.14.0-2 allow only one of the two kinds" if input.cluster.kindsExclude == "unknown"
