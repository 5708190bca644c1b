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
#   versions: all; an error before 4.14 for the newer field, and from 4.14 on where both are set
#   situations: [install]
#   logs:
#   - 'cannot set imageContentSources and imageDigestSources at the same time'
#   - 'imageContentSources is deprecated, please use ImageDigestSources'
#   facts: [mirrorSets]
package mirrorproof.rules.wrong_image_sources_field

import data.mirrorproof.lib

findings contains {"level": level, "message": message, "at": old.at, "related": related} if {
	not lib.before([4, 14])
	some old in fields.ImageContentSourcePolicy
	some new in fields.ImageDigestMirrorSet
	together(old, new)
	message := $"{old.madeOf} sets `imageContentSources` and `imageDigestSources`: the installer{since} refuses both at once"
	related := [{"at": new.at, "message": "`imageDigestSources` is here"}]
}

level := "error" if not lib.version_unknown

level := "warning" if lib.version_unknown

since := "" if not lib.version_unknown

since := " of OpenShift 4.14 and later" if lib.version_unknown

findings contains {"level": "warning", "message": message, "at": old.at, "edits": [{"op": "rename", "at": old.at, "key": "imageDigestSources"}]} if {
	lib.at_least([4, 14])
	some old in fields.ImageContentSourcePolicy
	count([new | some new in fields.ImageDigestMirrorSet; together(old, new)]) == 0
	message := $"`imageContentSources` of {old.madeOf} is deprecated since OpenShift 4.14: use `imageDigestSources`"
}

findings contains {"level": "error", "message": message, "at": new.at, "edits": [{"op": "rename", "at": new.at, "key": "imageContentSources"}], "certain": allowing} if {
	lib.before([4, 14])
	some new in fields.ImageDigestMirrorSet
	count([old | some old in fields.ImageContentSourcePolicy; together(old, new)]) == 0
	message := $"`imageDigestSources` of {new.madeOf} is not known before OpenShift 4.14, so the cluster is installed without mirrors: it is called `imageContentSources` there"
}

# The older field has no policy.
default allowing := true

allowing := false if {
	some entry in input.entries
	entry.policy != null
	input.mirrorSets[entry.set].maker == "installer"
}

together(old, new) if old.at.doc == new.at.doc

fields[set.kind] contains set if {
	some set in input.mirrorSets
	set.maker == "installer"
}
