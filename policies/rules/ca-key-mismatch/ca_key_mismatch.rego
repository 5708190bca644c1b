# METADATA
# title: Certificate authority under a key that is not the mirror's host and port
# description: >-
#   Each key of the ConfigMap of `additionalTrustedCA` is a registry: `host` for port 443, `host..port` for another one, as a key cannot hold a colon. An
#   authority under any other key is not used for the mirror: `x509: certificate signed by unknown authority`.
# related_resources:
# - description: Image configuration resources
#   ref: https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/images/image-configuration
# custom:
#   level: error
#   fix: >-
#     Name the key as the mirror is written, with `..` in place of the colon.
#   versions: all
#   situations: [certificate]
#   logs:
#   - 'tls: failed to verify certificate: x509: certificate signed by unknown authority'
#   facts: [trust]
package mirrorproof.rules.ca_key_mismatch

findings contains {"level": "error", "message": message, "at": key.at, "related": related, "edits": edits, "certain": false} if {
	some trust in input.trust
	some key in trust.keys
	near := input.hosts[key.near]
	near.trusted == "no"
	not input.imageHosts[key.host] # images are pulled from there by name, so the key is right for that
	message := $"key `{key.key}` of {trust.title} is for {key.host}, and the mirror is on {key.near}: its key is `{replace(key.near, ":", "..")}`"
	edits := [{"op": "rename", "at": key.at, "key": replace(key.near, ":", "..")}]
	related := [{"at": near.at, "message": note} | note := $"a mirror on {key.near}"]
}

findings contains {"level": "error", "message": message, "at": key.at, "edits": edits} if {
	some trust in input.trust
	some key in trust.keys
	contains(key.key, ":")
	edits := [{"op": "rename", "at": key.at, "key": replace(key.key, ":", "..")}]
	message := $"key `{key.key}` of {trust.title} has a colon, which the API server refuses: write `{replace(key.key, ":", "..")}`"
}
