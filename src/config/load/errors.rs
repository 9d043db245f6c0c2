//! What reading a configuration ends with when it does not end well, or not quite.

use std::fmt;

use crate::base::toml::Diagnostic;

/// Something that is not wrong but unwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning(pub Diagnostic);

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Diagnostic { file, at, message } = &self.0;
        let message = format!("warning: {message}");
        Diagnostic { file: file.clone(), at: *at, message }.fmt(f)
    }
}

/// Why a configuration cannot be used: at least one mistake, one a line, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<Diagnostic>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, diagnostic) in self.0.iter().enumerate() {
            if n > 0 {
                f.write_str("\n")?;
            }
            diagnostic.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}
