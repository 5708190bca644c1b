# METADATA
# title: Mirror whose certificate authority is not with the others
# description: >-
#   The ConfigMap of `additionalTrustedCA` holds certificate authorities of some mirrors and none for this one, which is not insecure either. Unless nodes
#   trust its certificate by other means (a public authority), pulls from it fail with `x509: certificate signed by unknown authority`. Nothing is said where
#   a bundle for all registries is known of, too: ConfigMap/user-ca-bundle, or what Proxy/cluster names in `trustedCA`.
# related_resources:
# - description: Image configuration resources
#   ref: https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/images/image-configuration
# custom:
#   level: warning
#   fix: >-
#     Add the certificate authority of the mirror to that ConfigMap, under the key `host..port` (two dots stand for the colon).
#   versions: all
#   situations: [certificate]
#   logs:
#   - 'tls: failed to verify certificate: x509: certificate signed by unknown authority'
#   facts: [trust]
#   absent: [ConfigMap, Image]
package mirrorproof.rules.mirror_without_ca

import data.mirrorproof.lib

findings contains {"level": "warning", "message": message, "at": host.at, "related": related} if {
	some name, host in input.hosts
	host.trusted == "no"
	not known(name)
	not name in misnamed
	some trust in trusting
	message := $"mirror host `{name}` has no certificate authority in {trust.title}, which has one for {trust.host}: pulls from it fail unless nodes trust its certificate by other means"
	related := [{"at": trust.at, "message": "the certificate authorities"}]
}

# Those that are for mirrors, and the first mirror that each has one for.
trusting := [{"title": trust.title, "at": trust.at, "host": min(hosts)} |
	some trust in input.trust
	hosts := {key.host | some key in trust.keys; input.hosts[key.host]}
	count(hosts) > 0
]

# Of these it is said that their key is wrong.
misnamed contains key.near if {
	some trust in input.trust
	some key in trust.keys
}

# A public authority has signed its certificate, or the cluster itself.
known(name) if lib.is_public(name)

known(name) if lib.is_internal(name)

known(name) if {
	some suffix in [".amazonaws.com", ".azurecr.io", ".jfrog.io", ".cr.cloud.ibm.com"]
	endswith(name, suffix)
}
