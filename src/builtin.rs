//! The policies that come with the program: their text, and what the build script made of it.

/// Path in the repository and text.
pub(crate) const POLICIES: [(&str, &str); 15] = [
    ("policies/basis.toml", include_str!("../policies/basis.toml")),
    ("policies/terms.toml", include_str!("../policies/terms.toml")),
    ("policies/language.toml", include_str!("../policies/language.toml")),
    ("policies/amount.toml", include_str!("../policies/amount.toml")),
    ("policies/authority.toml", include_str!("../policies/authority.toml")),
    ("policies/channel.toml", include_str!("../policies/channel.toml")),
    ("policies/concise.toml", include_str!("../policies/concise.toml")),
    ("policies/disclosure.toml", include_str!("../policies/disclosure.toml")),
    ("policies/exaggeration.toml", include_str!("../policies/exaggeration.toml")),
    ("policies/identity.toml", include_str!("../policies/identity.toml")),
    ("policies/informal.toml", include_str!("../policies/informal.toml")),
    ("policies/obfuscation.toml", include_str!("../policies/obfuscation.toml")),
    ("policies/privacy.toml", include_str!("../policies/privacy.toml")),
    ("policies/template.toml", include_str!("../policies/template.toml")),
    ("policies/threat.toml", include_str!("../policies/threat.toml")),
];

/// The compiled set, as `build.rs` stored it; empty if the policies have mistakes.
pub(crate) const IMAGE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/policies.bin"));
