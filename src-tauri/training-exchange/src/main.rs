//! The program: reads the command line, starts the exchange, talks with its parent, and ends when
//! the parent does.

use std::process::ExitCode;

use inzage_training_exchange::args::{self, Asked};
use inzage_training_exchange::{Config, Error, Exchange, parent};
use tokio::io::{BufReader, stdin, stdout};

fn main() -> ExitCode {
    let config = match args::read(std::env::args_os().skip(1)) {
        Ok(Asked::Help) => {
            print!("{}", args::HELP);
            return ExitCode::SUCCESS;
        }
        Ok(Asked::Serve(config)) => config,
        Err(error) => return refuse(&error),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return refuse(&Error::Port(format!("no runtime: {error}"))),
    };
    let code = runtime.block_on(serve(config));
    // Open connections and held answers end with the program.
    runtime.shutdown_background();
    code
}

async fn serve(config: Config) -> ExitCode {
    match Exchange::start(config).await {
        Ok(running) => {
            // An error here says that the parent is gone, which is how this program ends.
            let _ = parent::converse(&running, BufReader::new(stdin()), stdout()).await;
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = parent::give_up(&error, stdout()).await;
            refuse(&error)
        }
    }
}

fn refuse(error: &Error) -> ExitCode {
    eprintln!("inzage-training-exchange: {}: {error}", error.code());
    ExitCode::from(error.exit_code())
}
