//! `--name VALUE` on the command line of a benchmark. Cargo says `--bench` to all of them.

use std::str::FromStr;

/// The value of an option, or what it is without it. A value that cannot be read ends the program.
pub fn option<T: FromStr>(name: &str, default: T) -> T {
    let mut args = std::env::args().skip_while(|arg| arg.strip_prefix("--") != Some(name)).skip(1);
    match args.next() {
        None => default,
        Some(text) => text.parse().unwrap_or_else(|_| {
            eprintln!("--{name} {text}: not a value");
            std::process::exit(2)
        }),
    }
}

/// Whether the benchmark is meant to run: `cargo bench` says `--bench`, while `cargo test --all-targets` says nothing.
pub fn is_asked() -> bool {
    let asked = std::env::args().len() > 1;
    if !asked {
        println!("nothing measured; `cargo bench` does");
    }
    asked
}
