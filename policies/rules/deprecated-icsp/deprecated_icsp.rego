# METADATA
# title: ImageContentSourcePolicy on OpenShift 4.13 or later
# description: >-
#   ImageContentSourcePolicy (ICSP) is deprecated since OpenShift 4.13. It serves pulls by digest only, so a pull by tag never uses its
#   mirrors, and it cannot forbid the fallback to the source. Its API is of the lowest compatibility level, and the installer, builds and
#   imagestream imports have moved on to ImageDigestMirrorSet (IDMS) and ImageTagMirrorSet (ITMS). From 4.16 on the operator also holds it to
#   stricter rules than the API server does. (On 4.13.0 to 4.13.26 and 4.14.0 to 4.14.2 the kinds
#   exclude each other: there, delete the ICSP before you apply the IDMS, or update first.)
# related_resources:
# - description: The deprecation, and the migration
#   ref: https://docs.redhat.com/en/documentation/openshift_container_platform/4.14/html/images/image-configuration
# custom:
#   level: error
#   fix: >-
#     Run `mirrorproof migrate FILE --write` (on 4.13 with `--include-4.13`), apply the ImageDigestMirrorSet that it makes of it, then delete the ICSP (on 4.13.0 to 4.13.26 and 4.14.0 to 4.14.2 before you apply the other).
#   versions: warning on 4.13 and where the version is not known, error from 4.14 on
#   situations: [upgrade-stuck]
#   facts: [mirrorSets]
package mirrorproof.rules.deprecated_icsp

import data.mirrorproof.lib

findings contains {"level": level, "message": message, "at": set.at, "related": related} if {
	some set in input.mirrorSets
	set.kind == "ImageContentSourcePolicy"
	not set.madeOf
	message := $"`{set.title}` is of a kind that is deprecated since OpenShift 4.13{here}; {way_out(set)}"
	related := [{"at": other.at, "message": note} | some other in replacing(set); note := $"{other.title} is here"]
}

way_out(set) := "`mirrorproof migrate` turns it into an ImageDigestMirrorSet" if {
	not set.replacedBy
} else := $"delete it, for `{set.replacedBy}` has all of its entries{harmless}{lib.condition_with(set, replacing(set))}" if {
	lib.at_least([4, 14])
} else := $"from OpenShift 4.14 on it can go, for `{set.replacedBy}` has all of its entries; before, builds and imports into image streams read it{lib.condition_with(set, replacing(set))}"

# Where the operator refuses what there is, it may be for this one.
harmless := ": nothing changes on the nodes" if not input.cluster.refused

default harmless := ""

replacing(set) := [other | some other in input.mirrorSets; other.title == set.replacedBy; not other.superseded]

level := "error" if lib.at_least([4, 14])

level := "warning" if {
	lib.at_least([4, 13])
	lib.before([4, 14])
}

level := "warning" if lib.version_unknown

default here := ""

here := " (the version of this cluster is not known)" if lib.version_unknown
