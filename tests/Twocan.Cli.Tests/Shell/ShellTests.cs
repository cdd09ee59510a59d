using System.Text.Json;

namespace Twocan.Cli.Tests;

public class ShellTests
{
    [Fact]
    public void One_world_lives_on_between_the_commands()
    {
        var call = Call.Shell("ping -c 1 www.lab.cyber.co.kr\n@home-router arp\n@home-router\nnow\n");
        Assert.Equal((0, ""), (call.ExitCode, call.Error));
        Assert.Contains("pc> ping -c 1 www.lab.cyber.co.kr\nPING", call.Out, StringComparison.Ordinal);
        // What the ping has taught the router, and how long ago that was.
        Assert.Contains("203.0.113.1  isp", call.Out, StringComparison.Ordinal);
        Assert.Contains("home-router> now\nWed, 07 Oct 2020 13:00:00.580186 GMT", call.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_cable_is_an_honest_silence_and_heal_ends_it()
    {
        var call = Call.Shell(
            """
            ping -c 1 192.0.2.226
            cut home-router--isp
            ping -c 1 192.0.2.226      # nobody answers
            faults
            heal
            ping -c 1 192.0.2.226
            faults
            """
        );
        Assert.Equal((1, ""), (call.ExitCode, call.Error));
        Assert.Equal(2, call.Out.Split("1 received").Length - 1);
        Assert.Contains("0 received, 100% packet loss, time 5 s", call.Out, StringComparison.Ordinal);
        Assert.Contains("1  cut home-router--isp  it is healed", call.Out, StringComparison.Ordinal);
        Assert.EndsWith("pc> faults\nNothing is wrong.\n", call.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_script_says_the_same_bytes_and_another_seed_others()
    {
        const string script =
            "loss 30% pc--home-hub\nping -c 20 -i 0.1 10.11.12.1\n@pc2 dig www.lab.glasscom.com\nexplore http://www.lab.cyber.co.kr/\n";
        var first = Call.Shell(script, "--seed", "7");
        Assert.Equal(first.Out, Call.Shell(script, "--seed", "7").Out);
        Assert.NotEqual(first.Out, Call.Shell(script, "--seed", "8").Out);
        Assert.Equal(Call.Shell(script, "--seed", "7", "--json").Out, Call.Shell(script, "--seed", "7", "--json").Out);
    }

    [Fact]
    public void With_json_each_command_answers_a_line_of_json_and_nothing_else_is_said()
    {
        var call = Call.Shell(
            "ping -c 1 10.11.12.1\ncut pc--home-hub\nfaults\nheal\nnow\n@pc2\npnig\nstep\n",
            "--json"
        );
        Assert.Equal("", call.Error);
        var lines = call.Out.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal("cut pc--home-hub", lines[2].GetProperty("faults")[0].GetProperty("fault").GetString());
        Assert.Equal("pc2", lines[5].GetProperty("host").GetString());
        Assert.Contains("did you mean 'ping'", lines[6].GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_line_gets_one_line_that_helps()
    {
        (string Line, string Answer)[] wrong =
        [
            ("pnig www", "line 1: no verb 'pnig': did you mean 'ping'?"),
            ("@home-ruoter", "line 2: there is no host 'home-ruoter' in this world; did you mean 'home-router'?"),
            ("cut home-router--ips", "there is no cable 'home-router--ips'; did you mean 'home-router--isp'?"),
            ("loss much pc--home-hub", "'much' is not"),
            ("ping 'www", "a quote is not closed: 'www"),
            ("arp --seed 3", "--seed is for a new world, and this one lives already"),
            ("heal pc--home-hub", "nothing is wrong, so not 'pc--home-hub' either"),
            ("run soon", "'soon' is not"),
            ("pace quick", "'quick' is not a pace: say 1x, 0.1x, 100x or fast"),
            ("arp &", "'arp' cannot run beside others: "),
            ("stop 4", "there is no job 4"),
            ("restart pcc", "did you mean 'pc'?"),
            ("exit 300", "exit takes a number from 0 to 255"),
        ];
        var call = Call.Shell(string.Join('\n', wrong.Select(one => one.Line)));
        Assert.Equal(2, call.ExitCode);
        var errors = call.Error.TrimEnd().Split('\n');
        Assert.Equal(wrong.Length, errors.Length);
        foreach (var (error, (_, answer)) in errors.Zip(wrong))
            Assert.Contains(answer, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_script_goes_on_after_a_failure_and_answers_it_at_the_end()
    {
        var call = Call.Shell("pnig\nnow\n", "--no-echo");
        Assert.Equal(2, call.ExitCode);
        Assert.StartsWith("Wed, 07 Oct 2020", call.Out, StringComparison.Ordinal);
        Assert.Equal("", Call.Shell("pnig\nnow\n", "--no-echo", "-e").Out);
        Assert.Equal(5, Call.Shell("pnig\nexit 5\nnow\n").ExitCode);
        Assert.Equal(2, Call.Shell("pnig\nexit\nnow\n").ExitCode);
    }

    [Fact]
    public void A_script_may_be_a_file()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "now\npnig\n");
        try
        {
            var call = Call.Twocan("shell", file);
            Assert.StartsWith("pc> now\n", call.Out, StringComparison.Ordinal);
            Assert.Contains($"{file}:2: no verb 'pnig'", call.Error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
        Assert.Contains(
            "the script cannot be read",
            Call.Twocan("shell", "/no/such/file").Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_runs_beside_goes_on_while_others_run()
    {
        var call = Call.Shell("ping -c 3 10.11.12.1 &\nrun 1500ms\njobs\ncut pc--home-hub\nwait\njobs\n");
        var lines = call.Out.Split('\n').ToList();
        Assert.Contains("[1]  pc  ping -c 3 10.11.12.1", lines);
        var cut = lines.IndexOf("pc> cut pc--home-hub");
        Assert.Equal(
            [true, true, false],
            Enumerable
                .Range(1, 3)
                .Select(n =>
                    lines.FindIndex(line => line.Contains($"icmp_seq={n}", StringComparison.Ordinal)) is >= 0 and var at
                    && at < cut
                )
        );
        Assert.Contains("[1] 3 packets transmitted, 2 received", call.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_tells_what_happens_at_the_next_moment()
    {
        var call = Call.Shell("ping -c 1 10.11.12.1 &\nstep 2\nstop\nrun\nstep\n");
        Assert.Contains(
            "pc                    WIRE      puts a frame of 64 bytes on pc--home-hub",
            call.Out,
            StringComparison.Ordinal
        );
        Assert.EndsWith("pc> step\nThe world is at rest: nothing is to come.\n", call.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_that_crashed_can_do_nothing_until_it_is_started_again()
    {
        var call = Call.Shell(
            "ping -c 1 10.11.12.1\narp --json\ncrash pc\nping -c 1 10.11.12.1\nrestart pc\narp --json\n"
        );
        Assert.Contains("pc (down)> ping", call.Out, StringComparison.Ordinal);
        Assert.Contains("Network is down", call.Error, StringComparison.Ordinal);
        Assert.EndsWith("\"neighbours\":[]}\n", call.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void At_a_pace_the_same_happens_at_the_same_times()
    {
        const string script = "ping -c 3 -i 0.2 www.lab.cyber.co.kr\nnow --json\n";
        var fast = Call.Shell(script, "--json").Out.Replace("\"fast\"", "\"20x\"", StringComparison.Ordinal);
        Assert.Equal(fast, Call.Shell(script, "--json", "--pace", "20x").Out);
    }

    [Fact]
    public void A_session_can_be_captured_as_a_whole()
    {
        var file = Path.Combine(Path.GetTempPath(), $"twocan-shell-{Environment.ProcessId}.pcapng");
        try
        {
            Assert.Equal(0, Call.Shell("ping -c 1 10.11.12.1\nping -c 1 10.11.12.1\n", "--capture", file).ExitCode);
            var seen = Call.Twocan("capture", "--read", file).Out;
            Assert.Equal(2, seen.Split("Echo reply").Length - 1);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Every_example_of_the_shells_own_verbs_works_as_it_stands()
    {
        var verbs = ShellVerbs.Root(new History(null)).Subcommands.OfType<ShellVerb>().ToList();
        Assert.All(verbs, verb => Assert.NotEmpty(verb.Examples));
        // 'exit' comes last. There is something to be healed, to be stepped through and to be stopped.
        var examples = verbs
            .OrderBy(verb => verb is ExitVerb)
            .SelectMany(verb => verb.Examples)
            .SelectMany(example => (string[])["cut home-router--isp for 1000s", "ping -c 2 10.11.12.1 &", example]);
        var call = Call.Shell(string.Join('\n', examples), "--json", "-e");
        Assert.Equal((0, ""), (call.ExitCode, call.Error));
    }

    [Fact]
    public void Every_verb_of_a_shell_is_explained_by_help_in_its_own_words()
    {
        var root = ShellVerbs.Root(new History(null));
        var list = Call.Shell("help\n").Out;
        foreach (var verb in root.Subcommands.OfType<ShellVerb>())
            Assert.Contains($"\n  {verb.Name} ", list, StringComparison.Ordinal);
        var help = Call.Shell("help ping\n").Out;
        Assert.Contains("Usage: ping HOST [OPTIONS]", help, StringComparison.Ordinal);
        Assert.Contains("\n  ping www.lab.cyber.co.kr\n", help, StringComparison.Ordinal);
    }

    [Fact]
    public void In_korean_it_speaks_korean()
    {
        var call = Call.Shell("cut pc--home-hub\nfaults\nheal\nfaults\nnow\nping -c 1 10.11.12.1\n", "--lang", "ko");
        Assert.Equal((0, ""), (call.ExitCode, call.Error));
        Assert.Contains("고칠 때까지", call.Out, StringComparison.Ordinal);
        Assert.Contains("1개를 보내 1개를 받았습니다", call.Out, StringComparison.Ordinal);
    }
}
