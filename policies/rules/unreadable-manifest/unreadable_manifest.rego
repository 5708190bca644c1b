# METADATA
# title: Manifest that cannot be read
# description: >-
#   The document does not parse, so the API server cannot read it either, and nothing in it was checked. Where only a key stands twice it was read as the
#   API server does: the last one counts. kustomize refuses such a file.
# custom:
#   level: error
#   fix: Correct the YAML at this place.
#   versions: all
#   situations: [ignored]
#   facts: [unreadable]
package mirrorproof.rules.unreadable_manifest

findings contains {"level": "error", "message": message, "at": document.at} if {
	some document in input.unreadable
	message := $"{verdict(document)}: {document.message}"
}

verdict(document) := "this manifest cannot be read" if not document.readable

verdict(document) := "this manifest is read with a loss" if document.readable
