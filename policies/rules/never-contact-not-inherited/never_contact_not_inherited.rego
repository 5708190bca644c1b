# METADATA
# title: NeverContactSource that does not hold for a narrower entry
# description: >-
#   A node uses the entry with the longest matching source and nothing of the ones around it. Where a broader source is NeverContactSource and a narrower
#   one is not (or a registry of insecureRegistries inside it takes its mirrors), pulls of the narrower one do go to the source.
# related_resources:
# - description: Choosing a registry table, containers-registries.conf(5)
#   ref: https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
# custom:
#   level: warning
#   fix: >-
#     Set NeverContactSource in the narrower entry too, or remove that entry.
#   versions: 4.13 and later
#   situations: [from-the-internet]
package mirrorproof.rules.never_contact_not_inherited

import data.mirrorproof.lib

findings contains {"level": "warning", "message": message, "at": at, "related": related} if {
	some overlap in input.overlaps
	broad := input.sources[overlap.broad]
	never := lib.never(broad)
	narrow := input.sources[overlap.narrow]
	not "NeverContactSource" in narrow.policies
	at := input.entries[narrow.entries[0]].source.at
	message := $"`{narrow.source}` may be contacted, although `{broad.source}` around it is NeverContactSource: a narrower entry does not inherit that"
	related := note(broad, never)
}

findings contains {"level": "warning", "message": message, "at": scope.at, "related": related} if {
	some scope in input.scopes
	scope.list == "insecure"
	broad := input.sources[scope.inherits]
	never := lib.never(broad)
	message := $"`{scope.value}` may be contacted, although `{broad.source}` around it is NeverContactSource: the entry for an insecure registry takes its mirrors, but not that"
	related := note(broad, never)
}

note(broad, never) := [{"at": never.source.at, "message": text} | text := $"`{broad.source}` is NeverContactSource in {lib.title_of(never)}"]
