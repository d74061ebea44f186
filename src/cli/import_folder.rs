//! `dateline import jekyll` and the like: how a build reads another generator's folder, and settings
//! for it.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::base::files::{self, Durability};
use crate::import::folders::{Generator, look};

use super::context::Context;

/// A generator, by its name.
#[derive(Debug, Subcommand)]
pub(super) enum FolderCommand {
    /// A site of Jekyll, whose texts a build reads as they are: proposes settings.
    Jekyll(FolderArguments),
    /// A site of Hugo, whose texts a build reads as they are: proposes settings.
    Hugo(FolderArguments),
    /// A site of Zola, whose texts a build reads as they are: proposes settings.
    Zola(FolderArguments),
    /// A site of Hexo, whose texts a build reads as they are: proposes settings.
    Hexo(FolderArguments),
    /// A site of Docusaurus, whose texts a build reads as they are: proposes settings.
    Docusaurus(FolderArguments),
    /// A site of Eleventy, whose texts a build reads as they are: proposes settings.
    Eleventy(FolderArguments),
    /// A site of Pelican, whose texts a build reads as they are: proposes settings.
    Pelican(FolderArguments),
    /// A site of `VuePress`, whose texts a build reads as they are: proposes settings.
    #[command(name = "vuepress")]
    VuePress(FolderArguments),
}

#[derive(Debug, Args)]
pub(super) struct FolderArguments {
    /// The site's folder, or its folder of texts.
    folder: PathBuf,
    /// Say what would be done, and write nothing.
    #[arg(long)]
    dry_run: bool,
}

impl FolderCommand {
    fn generator(self) -> (Generator, FolderArguments) {
        match self {
            FolderCommand::Jekyll(own) => (Generator::Jekyll, own),
            FolderCommand::Hugo(own) => (Generator::Hugo, own),
            FolderCommand::Zola(own) => (Generator::Zola, own),
            FolderCommand::Hexo(own) => (Generator::Hexo, own),
            FolderCommand::Docusaurus(own) => (Generator::Docusaurus, own),
            FolderCommand::Eleventy(own) => (Generator::Eleventy, own),
            FolderCommand::Pelican(own) => (Generator::Pelican, own),
            FolderCommand::VuePress(own) => (Generator::VuePress, own),
        }
    }

    pub(super) fn run(self, archive: &Context) -> ExitCode {
        let (generator, arguments) = self.generator();
        let seen = match look(generator, &arguments.folder) {
            Ok(seen) => seen,
            Err(error) => {
                let message = format!("{}: {error}", arguments.folder.display());
                return super::environment_error(&message, Some("name the site's folder"));
            }
        };
        let mut lines = seen.lines();
        let path = archive.root.join(&archive.config);
        let file = archive.config.display();
        if arguments.dry_run {
            lines.push("\nNothing was written.".to_owned());
        } else if path.exists() {
            let help = "take the lines you want into it, or try again without it";
            super::print((lines.join("\n") + "\n").as_bytes());
            return super::environment_error(
                &format!("{file} is there already, and stays"),
                Some(help),
            );
        } else if let Err(error) =
            files::replace(&path, seen.settings.as_bytes(), Durability::Lasting)
        {
            return super::environment_error(&format!("{file} can't be written: {error}"), None);
        } else {
            lines.push(format!(
                "\n{file} is written. Put the texts into content/ as they are, and run dateline build"
            ));
        }
        super::print((lines.join("\n") + "\n").as_bytes())
    }
}
