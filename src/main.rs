//! The program: everything is in the library.

fn main() -> std::process::ExitCode {
    pgpod::cli::main()
}
