# METADATA
# title: Field that the kind does not have
# description: >-
#   The API server drops a field that it does not know: the object is accepted and does less than it says. Clients that ask for strict validation get a warning, or a refusal.
# custom:
#   level: error
#   fix: Correct the name or the place of the field.
#   versions: all
#   situations: [ignored]
#   facts: [defects]
package mirrorproof.rules.unknown_field

import data.mirrorproof.lib

findings contains {"level": "error", "message": message, "at": defect.at, "edits": edits(defect), "certain": certain(defect)} if {
	some defect in input.defects
	defect.problem == "unknown-field"
	message := $"field `{defect.field}` does not exist in {defect.kind}, so the API server drops it{meant(defect.expected)}"
}

meant(fields) := "" if count(fields) == 0

meant(fields) := $"; perhaps {lib.quoted(fields)} is meant" if count(fields) > 0

edits(defect) := [{"op": "rename", "at": defect.at, "key": defect.meant.name}] if {
	defect.meant
} else := []

# A list that comes into force may block what is pulled today.
certain(defect) if {
	defect.meant.certain
	not defect.meant.name in {"allowedRegistries", "blockedRegistries"}
} else := false
