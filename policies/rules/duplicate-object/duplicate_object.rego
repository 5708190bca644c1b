# METADATA
# title: Two objects of one kind and name in one cluster
# description: >-
#   An object of one kind and name exists once in a cluster. Where two manifests with different content have the same one, the last that is applied
#   replaces the others, and their mirrors are gone. oc-mirror gives its objects the same names in every run.
# custom:
#   level: warning
#   fix: Rename one of them, or merge their entries. If they belong to different clusters, declare the clusters in `.mirrorproof.yaml`.
#   versions: all; an error where the cluster is declared in `.mirrorproof.yaml`
#   situations: [ignored]
#   facts: [repeats]
package mirrorproof.rules.duplicate_object

findings contains {"level": level, "message": message, "at": last.at, "related": related} if {
	some repeat in input.repeats
	sets := [input.mirrorSets[index] | some index in repeat.sets]
	last := sets[count(sets) - 1]
	message := $"`{last.title}` is defined {count(sets)} times with different content: the last that is applied replaces the others"
	related := [{"at": set.at, "message": "defined here too"} | some set in array.slice(sets, 0, count(sets) - 1)]
}

default level := "warning"

level := "error" if input.cluster.declared
