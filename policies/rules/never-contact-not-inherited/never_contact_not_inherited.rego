# METADATA
# title: NeverContactSource that does not hold for a narrower entry
# description: >-
#   A node uses the entry with the longest matching source and nothing of the ones around it. Where a broader source is NeverContactSource and a narrower
#   one says nothing (or a registry of insecureRegistries inside it takes its mirrors), pulls of the narrower one do go to the source.
# related_resources:
# - description: Choosing a registry table, containers-registries.conf(5)
#   ref: https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
# custom:
#   level: warning
#   fix: >-
#     Set NeverContactSource in the narrower entry too, in every mirror set that has its source (an ImageContentSourcePolicy cannot), or remove that entry. If the
#     source is meant to be contacted, set AllowContactingSource there.
#   versions: 4.13 and later
#   situations: [from-the-internet]
#   facts: [overlaps, scopes]
package mirrorproof.rules.never_contact_not_inherited

import data.mirrorproof.lib

findings contains {"level": "warning", "message": message, "at": entries[0].source.at, "related": related} if {
	some index, by_set in open
	broad := input.sources[index]
	never := lib.never(broad)
	some sources in by_set
	entries := [input.entries[input.sources[source].entries[0]] | some source in sources]
	message := $"`{entries[0].source.value}`{lib.more(count(entries))} may be contacted, although `{broad.source}` around {them(entries)} is NeverContactSource: narrower entries do not inherit that{lib.condition(array.concat(entries, [never]))}"
	others := [{"at": entry.source.at, "message": note} | some place, entry in entries; place > 0; note := $"`{entry.source.value}` too"]
	related := array.concat(others, here(broad, never))
}

findings contains {"level": "warning", "message": message, "at": scope.at, "related": here(broad, never)} if {
	some scope in input.scopes
	scope.list == "insecure"
	broad := input.sources[scope.inherits]
	never := lib.never(broad)
	condition := lib.condition_with(scope, lib.sets_of([never]))
	message := $"`{scope.value}` may be contacted, although `{broad.source}` around it is NeverContactSource: the entry of an insecure registry takes the mirrors around it, but not that{condition}"
}

# By broader source, and by the object that the fix is for: the narrower sources.
open[overlap.broad][input.entries[narrow.entries[0]].set] contains overlap.narrow if {
	some overlap in input.overlaps
	lib.never(input.sources[overlap.broad])
	narrow := input.sources[overlap.narrow]
	not "NeverContactSource" in narrow.policies
	not deliberate(narrow)
}

# Somebody wrote down that it may be.
deliberate(narrow) if {
	some entry in lib.entries_of(narrow)
	entry.policy == "AllowContactingSource"
}

them(entries) := "it" if count(entries) == 1

them(entries) := "them" if count(entries) > 1

here(broad, never) := [{"at": never.source.at, "message": note} | note := $"`{broad.source}` is NeverContactSource in {lib.title_of(never)}"]
