using FinalAccounts.Cli;

return await CommandLine.RunAsync(args);
