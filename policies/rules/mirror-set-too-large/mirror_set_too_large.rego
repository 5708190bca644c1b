# METADATA
# title: Mirror set that is too large to apply
# description: >-
#   Client-side apply, which `oc apply` and Argo CD do unless told otherwise, writes the object into an annotation, and annotations hold 262,144 bytes:
#   `metadata.annotations: Too long`. (`oc-mirror` and `oc adm catalog mirror` split at 250,000.)
# custom:
#   level: warning
#   fix: >-
#     Mirror namespaces instead of single repositories, where the mirrors keep the paths below them. Otherwise split the object, or apply it with `--server-side`.
#   versions: all
#   situations: [ignored]
#   logs:
#   - 'metadata.annotations: Too long: must have at most 262144 bytes'
#   facts: [mirrorSets]
package mirrorproof.rules.mirror_set_too_large

findings contains {"level": "warning", "message": message, "at": set.at} if {
	some set in input.mirrorSets
	not set.madeOf
	set.bytes + count(annotation) > 262144
	message := $"`{set.title}` has {set.bytes} bytes: `oc apply` without `--server-side` fails, for it writes them into an annotation, and annotations hold 262144"
}

annotation := "kubectl.kubernetes.io/last-applied-configuration"
