//! The policies that come with the program: their text, and what the build script made of it.

/// Path in the repository and text.
const POLICIES: [(&str, &str); 17] = [
    ("policies/basis.toml", include_str!("../policies/basis.toml")),
    ("policies/terms.toml", include_str!("../policies/terms.toml")),
    ("policies/language.toml", include_str!("../policies/language.toml")),
    ("policies/amount.toml", include_str!("../policies/amount.toml")),
    ("policies/authority.toml", include_str!("../policies/authority.toml")),
    ("policies/channel.toml", include_str!("../policies/channel.toml")),
    ("policies/concise.toml", include_str!("../policies/concise.toml")),
    ("policies/disclosure.toml", include_str!("../policies/disclosure.toml")),
    ("policies/exaggeration.toml", include_str!("../policies/exaggeration.toml")),
    ("policies/frequency.toml", include_str!("../policies/frequency.toml")),
    ("policies/identity.toml", include_str!("../policies/identity.toml")),
    ("policies/informal.toml", include_str!("../policies/informal.toml")),
    ("policies/obfuscation.toml", include_str!("../policies/obfuscation.toml")),
    ("policies/privacy.toml", include_str!("../policies/privacy.toml")),
    ("policies/suppression.toml", include_str!("../policies/suppression.toml")),
    ("policies/template.toml", include_str!("../policies/template.toml")),
    ("policies/threat.toml", include_str!("../policies/threat.toml")),
];

/// The compiled set, as `build.rs` stored it; empty if the policies have mistakes.
const IMAGE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/policies.bin"));

/// The folder that stands in for the built-in policies, so that an author need not build the program for each
/// change of a rule. Only a program built with the feature `authoring` has one: the others judge by what
/// they were built with, whatever their environment says.
#[cfg(feature = "authoring")]
fn folder() -> Option<std::path::PathBuf> {
    std::env::var_os("DUNLINT_POLICIES").map(Into::into)
}

#[cfg(not(feature = "authoring"))]
const fn folder() -> Option<std::path::PathBuf> {
    None
}

/// What the build script made of the policies, if it is they that hold.
pub(crate) fn image() -> Option<&'static [u8]> {
    folder().is_none().then_some(IMAGE)
}

/// What the build script made of the lists of words that facts are told by.
pub(crate) fn tables() -> Option<&'static [u8]> {
    Some(include_bytes!(concat!(env!("OUT_DIR"), "/tables.bin")))
}

/// Path and text of each policy that holds; a file that cannot be read is empty.
pub(crate) fn texts() -> impl Iterator<Item = (&'static str, String)> {
    let folder = folder();
    POLICIES.iter().map(move |(path, text)| {
        let read = folder.as_ref().map(|folder| {
            let name = path.rsplit('/').next().unwrap_or(path);
            std::fs::read_to_string(folder.join(name)).unwrap_or_default()
        });
        (*path, read.unwrap_or_else(|| (*text).to_owned()))
    })
}
