# METADATA
# title: Object that the API server refuses
# description: >-
#   A value of the wrong type, a required field that is missing, or a value outside of the allowed ones: the API server refuses the whole object, and a
#   GitOps sync stops there.
# custom:
#   level: error
#   fix: Write the field as the message says.
#   versions: all; an info where `spec` or the name is missing, since a patch may fill it in
#   situations: [ignored]
#   facts: [defects]
package mirrorproof.rules.invalid_object

import data.mirrorproof.lib

findings contains {"level": level(defect), "message": message, "at": defect.at, "edits": edits(defect), "certain": certain(defect)} if {
	some defect in input.defects
	problem := fault(defect)
	message := $"{problem}, so the API server refuses {defect.title}{unless[unfilled(defect)]}"
}

fault(defect) := $"`{defect.field}` is missing" if defect.problem == "missing-field"

fault(defect) := $"`{defect.field}` is of type {defect.found} where {concat(" or ", defect.expected)} is expected" if defect.problem == "wrong-type"

fault(defect) := $"`{defect.field}` is `{defect.found}`, which is none of {lib.quoted(defect.expected)}" if defect.problem == "wrong-value"

level(defect) := {true: "info", false: "error"}[unfilled(defect)]

unless := {true: " unless a patch fills it in", false: ""}

unfilled(defect) if {
	defect.problem == "missing-field"
	defect.field in {"spec", "metadata", "metadata.name"}
} else := false

edits(defect) := [{"op": "replace", "at": defect.at, "value": defect.meant.name}] if {
	defect.problem == "wrong-value"
	defect.meant
} else := []

certain(defect) if {
	defect.meant.certain
} else := false
