// Only YAML files of these modules are used, no package: `go mod tidy` would take the requirements out.
module entrada.dev/toolchain/crds

go 1.26.0

require (
	github.com/cilium/cilium v1.20.2
	sigs.k8s.io/gateway-api v1.4.1
	sigs.k8s.io/secrets-store-csi-driver v1.5.3
)
