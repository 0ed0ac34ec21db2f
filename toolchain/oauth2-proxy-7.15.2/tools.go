//go:build tools

// Package tools pins the oauth2-proxy before the newest that is pinned, from which tests upgrade.
package tools

import _ "github.com/oauth2-proxy/oauth2-proxy/v7"
