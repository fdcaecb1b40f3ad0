namespace FinalAccounts.Server.Api;

/// <summary>What one request to the API may bring or take.</summary>
public static class ApiLimits
{
    /// <summary>Items of a page when nothing else is asked for.</summary>
    public const int DefaultPage = 100;

    /// <summary>Most items of a page.</summary>
    public const int LargestPage = 1_000;

    /// <summary>Longest cursor.</summary>
    public const int CursorCharacters = 200;

    /// <summary>Longest text that is searched for.</summary>
    public const int FilterCharacters = 200;

    /// <summary>Longest address of a figure.</summary>
    public const int AddressCharacters = 1_000;

    /// <summary>Longest Idempotency-Key.</summary>
    public const int KeyCharacters = 200;

    /// <summary>Most bytes of the body of one command: 1 MiB, as much as one event may have.</summary>
    public const int CommandBytes = 1024 * 1024;

    /// <summary>Most bytes of the transcription of a published document: 8 MiB.</summary>
    public const int TranscriptionBytes = 8 * 1024 * 1024;
}
