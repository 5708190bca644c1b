# The same, as most would write it: every source is compared with the image.
package system

main := {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": {"uid": input.request.uid, "allowed": true, "warnings": [w | some w in warnings]}}

warnings contains $"image {image} has no mirror" if {
	some container in input.request.object.spec.template.spec.containers
	image := container.image
	not mirrored(image)
}

mirrored(image) if {
	some source, _ in data.sources
	startswith(image, source)
}
