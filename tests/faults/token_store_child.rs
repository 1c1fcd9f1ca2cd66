//! Another program with the same token store: this test binary again, with an environment variable that says what to
//! do. It takes a command a line and answers with a line that begins with '@'.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};

use itero::ffi::*;
use itero::sandbox::{Addresses, Sandbox, person};

use crate::host::*;

const TASK: &str = "ITERO_TOKEN_STORE_TASK";

/// A program with a store in `state`; the variables are its own.
pub struct Program {
    child: Child,
    input: ChildStdin,
    lines: BufReader<ChildStdout>,
}

impl Program {
    pub fn start(
        sandbox: &Sandbox,
        state: &Path,
        file: Option<&Path>,
        end_at_step: u32,
    ) -> Program {
        let (addresses, user) = (sandbox.addresses(), &sandbox.users()[ADA]);
        let file = file.map_or("", |file| file.to_str().unwrap());
        let task = serde_json::json!([
            addresses.login_page,
            addresses.oauth_base,
            addresses.base_url,
            user.email,
            user.password,
            file,
        ]);
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["token_store_child::obeys", "--exact", "--nocapture"])
            .env(TASK, task.to_string())
            .env("XDG_STATE_HOME", state)
            .env("ITERO_STORE_END_AT_STEP", end_at_step.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Program {
            child,
            input,
            lines,
        }
    }

    pub fn tell(&mut self, command: &str) {
        // A program that was killed doesn't listen any more.
        let _ = self.input.write_all(format!("{command}\n").as_bytes());
    }

    /// The next answer; nothing when the program has ended.
    pub fn hear(&mut self) -> Option<String> {
        let mut line = String::new();
        loop {
            line.clear();
            if !self
                .lines
                .read_line(&mut line)
                .is_ok_and(|length| length > 0)
            {
                return None;
            }
            if let Some(answer) = line
                .strip_prefix('@')
                .and_then(|line| line.strip_suffix('\n'))
            {
                return Some(answer.to_owned());
            }
        }
    }

    pub fn ask(&mut self, command: &str) -> Option<String> {
        self.tell(command);
        self.hear()
    }

    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn finish(mut self) -> ExitStatus {
        drop(self.input);
        self.child.wait().unwrap()
    }
}

fn say(outcome: Outcome<String>) {
    let line = match outcome {
        Ok(text) => text,
        Err(failure) => format!(
            "failed {} {}",
            failure.status,
            failure.message.replace('\n', " ")
        ),
    };
    let mut out = std::io::stdout().lock();
    // One write for each line: a kill cuts it off or leaves it whole.
    out.write_all(format!("@{line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

/// Does nothing when all tests run; a parent starts it with a task.
#[test]
fn obeys() {
    let Ok(task) = std::env::var(TASK) else {
        return;
    };
    // The harness leaves its own line open.
    println!();
    let task: [String; 6] = serde_json::from_str(&task).unwrap();
    let [login_page, oauth_base, base_url, email, password, file] = task;
    let addresses = Addresses {
        login_page,
        oauth_base,
        base_url,
        us: String::new(),
        eu: String::new(),
        file_host: String::new(),
        hosted_redirect: String::new(),
    };
    let config = config_at(&addresses, None, V2);
    outcome(unsafe { itero_config_set_token_file(config.at, c(&file).as_ptr()) }).unwrap();
    let client = Client::of(&config);
    for command in std::io::stdin().lock().lines() {
        let words = command.unwrap();
        say(match words.as_str() {
            "state" => Ok(client.state().to_string()),
            "account" => Ok(text(itero_client_account_id(client.at()))),
            "sign in" => client
                .begin()
                .and_then(|login| {
                    let url = text(itero_login_url(login.at));
                    complete(&login, &person::sign_in(&url, &email, &password).unwrap())
                })
                .map(|()| "signed in".to_owned()),
            "pair" => client.pair(HARBOR, None).map(|()| "paired".to_owned()),
            "refresh" => {
                outcome(itero_client_refresh(client.at())).map(|()| "refreshed".to_owned())
            }
            "accounts" => client.accounts().map(|_| "accounts".to_owned()),
            "refresh for ever" => loop {
                if let Err(failure) = outcome(itero_client_refresh(client.at())) {
                    break Err(failure);
                }
            },
            other => panic!("no such command: {other}"),
        });
    }
}
