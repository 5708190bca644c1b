# METADATA
# title: Kind and apiVersion that do not go together
# description: >-
#   The API server knows no such kind in this apiVersion, so the object cannot be applied: `no matches for kind`. Its entries are not judged.
# custom:
#   level: error
#   fix: >-
#     ImageDigestMirrorSet and ImageTagMirrorSet belong to `config.openshift.io/v1`, ImageContentSourcePolicy to `operator.openshift.io/v1alpha1`.
#   versions: all
#   situations: [ignored]
#   logs:
#   - 'no matches for kind "…" in version "…"'
#   facts: [misplaced]
package mirrorproof.rules.wrong_api_version

findings contains {"level": "error", "message": message, "at": object.at, "edits": edits(object), "certain": certain(object)} if {
	some object in input.misplaced
	message := $"`{object.title}` {fault(object)}; {object.expected.kind} of `{object.expected.apiVersion}` is meant"
}

fault(object) := "has no apiVersion" if object.apiVersion == ""

fault(object) := $"is written under apiVersion `{object.apiVersion}`, which has no such kind" if object.apiVersion != ""

# A field that is not there is for a person to write.
edits(object) := [] if {
	object.apiVersion == ""
} else := [edit |
	some name in ["kind", "apiVersion"]
	object[name] != object.expected[name]
	edit := {"op": "replace", "at": object.fields[name], "value": object.expected[name]}
]

# Spelt right it is the kind that is meant; of two kinds that are, the list tells.
certain(object) if {
	object.listed
} else if {
	object.apiVersion == object.expected.apiVersion
} else := false
