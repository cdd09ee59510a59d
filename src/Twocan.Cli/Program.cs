using Twocan.Cli;

return CommandLine.Run(args);
