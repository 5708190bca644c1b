# METADATA
# title: Object that is accepted and has no effect
# description: >-
#   The API server takes an ImageContentPolicy, and nothing reads it: the Machine Config Operator knows ImageContentSourcePolicy, ImageDigestMirrorSet and
#   ImageTagMirrorSet alone. Its mirrors are never used.
# custom:
#   level: error
#   fix: >-
#     Write it as an ImageDigestMirrorSet, and an ImageTagMirrorSet where it sets `allowMirrorByTags`.
#   versions: 4.10 and later
#   situations: [ignored, from-the-internet]
#   facts: [inert]
package mirrorproof.rules.kind_without_effect

findings contains {"level": "error", "message": message, "at": object.at} if {
	some object in input.inert
	message := $"`{object.title}` has no effect: the API server accepts it, and nothing reads its mirrors"
}
