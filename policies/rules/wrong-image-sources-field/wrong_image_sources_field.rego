# METADATA
# title: Mirrors in the wrong field of the install-config
# description: >-
#   OpenShift 4.14 and later take the mirrors of an installation from `imageDigestSources`; `imageContentSources` is deprecated and still makes
#   ImageContentSourcePolicies. Older installers do not know `imageDigestSources` and install a cluster without mirrors. With both, the installer stops:
#   `cannot set imageContentSources and imageDigestSources at the same time`.
# custom:
#   level: warning
#   fix: >-
#     Use `imageDigestSources` from 4.14 on, `imageContentSources` before, never both.
#   versions: all; an error where the field is not known yet or both are set
#   situations: [install]
package mirrorproof.rules.wrong_image_sources_field

import data.mirrorproof.lib

findings contains {"level": "error", "message": message, "at": old.at, "related": related} if {
	some old in fields.ImageContentSourcePolicy
	some new in fields.ImageDigestMirrorSet
	old.madeOf == new.madeOf
	message := $"{old.madeOf} sets `imageContentSources` and `imageDigestSources`: the installer takes one of them"
	related := [{"at": new.at, "message": "`imageDigestSources` is here"}]
}

findings contains {"level": "warning", "message": message, "at": old.at} if {
	lib.at_least([4, 14])
	some old in fields.ImageContentSourcePolicy
	not old.madeOf in {new.madeOf | some new in fields.ImageDigestMirrorSet}
	message := $"`imageContentSources` of {old.madeOf} is deprecated since OpenShift 4.14: it is called `imageDigestSources`"
}

findings contains {"level": "error", "message": message, "at": new.at} if {
	lib.before([4, 14])
	some new in fields.ImageDigestMirrorSet
	not new.madeOf in {old.madeOf | some old in fields.ImageContentSourcePolicy}
	message := $"`imageDigestSources` of {new.madeOf} is not known before OpenShift 4.14: it is called `imageContentSources` there"
}

fields[set.kind] contains set if {
	some set in input.mirrorSets
	set.maker == "installer"
}
