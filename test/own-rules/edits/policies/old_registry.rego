# METADATA
# title: Mirror on the registry that goes
# description: The old registry is switched off, and pulls from it wait for a timeout.
# custom:
#   level: error
#   fix: Name the new registry.
#   versions: all
package mirrorproof.rules.old_registry

findings contains {"level": "error", "message": message, "at": mirror.at, "edits": edits, "certain": certain(mirror)} if {
	some entry in input.entries
	some mirror in entry.mirrors
	startswith(mirror.value, "old.corp.example/")
	message := $"mirror `{mirror.value}` is on the old registry"
	edits := [{"op": "replace", "at": mirror.at, "value": concat("/", ["new.corp.example", trim_prefix(mirror.value, "old.corp.example/")])}]
}

# Whose names have changed.
certain(mirror) := false if {
	startswith(mirror.value, "old.corp.example/team-")
} else := true
