# METADATA
# title: Two objects of one kind and name in one cluster
# description: >-
#   An object of one kind and name exists once in a cluster. Where two manifests with different content have the same one, the last that is applied
#   replaces the others, and their mirrors are gone. oc-mirror gives its objects the same names in every run.
# custom:
#   level: warning
#   fix: Merge their entries into one, or rename one of them (there is one Image/cluster only). If they belong to different clusters, declare the clusters in `.mirrorproof.yaml`.
#   versions: all; an error where the cluster is declared in `.mirrorproof.yaml`
#   situations: [ignored]
#   facts: [repeats]
package mirrorproof.rules.duplicate_object

findings contains {"level": level, "message": message, "at": repeat.objects[last], "related": related} if {
	some repeat in input.repeats
	last := count(repeat.objects) - 1
	message := $"`{repeat.title}` is defined {count(repeat.objects)} times with different content: the last that is applied replaces the others"
	related := [{"at": at, "message": "defined here too"} | some at in array.slice(repeat.objects, 0, last)]
}

default level := "warning"

level := "error" if input.cluster.declared
